import { describe, expect, it } from 'vitest';
import { ERROR_CODES, hasCode, messageOf, ToolboxError } from '../../../src/base/index.js';

describe('the catalogue of error codes', () => {
  it('names each code once, in capitals', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
    for (const code of ERROR_CODES) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });
});

describe('ToolboxError', () => {
  it('carries its code, cause and fields, and cannot be changed by who reads it', () => {
    const cause = new Error('refused');
    const fields = { queue: 'export' };
    const error = new ToolboxError('BROKER_UNREACHABLE', 'no broker', { cause, fields });
    fields.queue = 'other';
    expect(error).toMatchObject({
      name: 'ToolboxError',
      code: 'BROKER_UNREACHABLE',
      message: 'no broker',
      cause,
    });
    expect(error.fields).toEqual({ queue: 'export' });
    expect(Object.isFrozen(error.fields)).toBe(true);
  });

  it('has no cause when none is given', () => {
    expect('cause' in new ToolboxError('ABORTED', 'a')).toBe(false);
    expect(new ToolboxError('ABORTED', 'a').fields).toEqual({});
  });

  it('is recognised by code', () => {
    expect(hasCode(new ToolboxError('ABORTED', 'a'), 'ABORTED')).toBe(true);
    expect(hasCode(new ToolboxError('ABORTED', 'a'), 'LEASE_LOST')).toBe(false);
    expect(hasCode(Object.assign(new Error('a'), { code: 'ABORTED' }), 'ABORTED')).toBe(false);
    expect(hasCode(undefined, 'ABORTED')).toBe(false);
  });
});

describe('messageOf', () => {
  const refused = (port: number): Error => new Error(`connect ECONNREFUSED 127.0.0.1:${port}`);

  it.each([
    ['an error', new Error('a'), 'a'],
    ['several lines', new Error('syntax error\n  at line 1\r\n'), 'syntax error at line 1'],
    [
      'what Node throws when every address refuses',
      new AggregateError([refused(1), refused(2)]),
      `${refused(1).message}; ${refused(2).message}`,
    ],
    ['an aggregate with words of its own', new AggregateError([refused(1)], 'all failed'), 'all failed'],
    ['a code without words', Object.assign(new Error(''), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['an error without words', new TypeError(''), 'TypeError'],
    ['a text', 'a', 'a'],
    ['an empty text', '', 'unknown error'],
    ['nothing', undefined, 'undefined'],
    ['a symbol', Symbol('a'), 'Symbol(a)'],
    ['an object', { a: 1 }, '{ a: 1 }'],
    ['an object that has no text', Object.create(null), '[Object: null prototype] {}'],
  ])('tells %s in one line', (_, thrown, text) => expect(messageOf(thrown)).toBe(text));
});
