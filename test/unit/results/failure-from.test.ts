import { describe, expect, it } from 'vitest';
import { ToolboxError } from '../../../src/base/index.js';
import { errorFrom, failureFrom, OUR_MODULE, tracebackFrom } from '../../../src/results/index.js';

class ShapefileError extends Error {}
class Named extends Error {
  override readonly name = 'Too many-words';
}

describe('failureFrom', () => {
  it.each([
    [new TypeError('t'), 'TypeError', ['t'], 'builtins'],
    [new RangeError('r'), 'ValueError', ['r'], 'builtins'],
    [new Error('e'), 'Error', ['e'], OUR_MODULE],
    [new ShapefileError('s'), 'ShapefileError', ['s'], OUR_MODULE],
    [new Named('n'), 'Too_many_words', ['n'], OUR_MODULE],
    ['thrown text', 'Error', ['thrown text'], OUR_MODULE],
    [undefined, 'Error', ['undefined'], OUR_MODULE],
    [Object.create(null), 'Error', ['[object Object]'], OUR_MODULE],
    [new ToolboxError('TASK_ARGUMENTS', 'a'), 'TypeError', ['a'], 'builtins'],
    [new ToolboxError('RESULT_TIMEOUT', 'late'), 'TimeoutError', ['late'], 'celery.exceptions'],
    [new ToolboxError('UNROUTABLE', 'u'), 'ToolboxError', ['u'], OUR_MODULE],
    [
      Object.assign(new Named('x'), { excModule: 'celery.exceptions', excArgs: [1] }),
      'Too_many_words',
      [1],
      'celery.exceptions',
    ],
  ])('%o is %s', (error, exc_type, exc_message, exc_module) => {
    expect(failureFrom(error)).toEqual({ exc_type, exc_message, exc_module });
  });

  it.each(['FAILURE', 'REVOKED'] as const)('hands on what another task ended with (%s)', (status) => {
    const failure =
      status === 'FAILURE'
        ? { exc_type: 'KeyError', exc_message: ['k'], exc_module: 'builtins' }
        : { exc_type: 'TaskRevokedError', exc_message: ['expired'], exc_module: 'celery.exceptions' };
    const error = errorFrom({ taskId: 'a', status, result: failure, traceback: null, dateDone: null });
    expect(failureFrom(error)).toEqual(failure);
  });
});

describe('tracebackFrom', () => {
  it('has the innermost call last, and causes first', () => {
    const error = new RangeError('outer', { cause: new TypeError('inner') });
    const text = tracebackFrom(error);
    expect(text).toMatch(
      /^Traceback \(most recent call last\):\n {2}at [\s\S]*\nTypeError: inner\n\nThe above exception/,
    );
    const lines = text.split('\n');
    expect(lines.at(-1)).toBe('ValueError: outer');
    expect(lines.at(-2)).toContain('failure-from.test.ts');
  });

  it('ends for causes that go in a circle, and for anything thrown', () => {
    const error: Error & { cause?: unknown } = new Error('round');
    error.cause = error;
    expect(tracebackFrom(error)).toContain('Error: round');
    expect(tracebackFrom('text')).toBe('Traceback (most recent call last):\nError: text');
  });
});

describe('errorFrom', () => {
  it('never shows an object’s own idea of text', () => {
    const hostile = { toJSON: () => ({ toString: null }) };
    const result = { exc_type: 'E', exc_message: [hostile, 1n, null], exc_module: 'm' };
    const error = errorFrom({ taskId: 'a', status: 'FAILURE', result, traceback: null, dateDone: null });
    expect(error.message).toContain('E: ');
  });

  it('reads a row that has no failure in it', () => {
    const meta = { taskId: 'a', status: 'FAILURE', result: null, traceback: null, dateDone: null };
    expect(errorFrom(meta)).toMatchObject({ code: 'TASK_FAILED', fields: { type: 'Exception', args: [] } });
  });
});
