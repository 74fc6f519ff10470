import { describe, expect, it } from 'vitest';
import { globMatches, isAddressedTo } from '../../../src/bus/index.js';

describe('globMatches', () => {
  // As Python's fnmatch has it.
  it.each([
    ['*', 'w1@host', true],
    ['w?@host', 'w1@host', true],
    ['w?@host', 'w12@host', false],
    ['w[12]@*', 'w2@x', true],
    ['w[!12]@*', 'w2@x', false],
    ['w[a-c]@x', 'wb@x', true],
    ['w[]]', 'w]', true],
    ['w[', 'w[', true],
    ['host', 'w1@host', false],
    ['*host*', 'w1@host.local', true],
    ['w.@host', 'w1@host', false],
    ['', '', true],
  ])('%s and %s: %s', (pattern, name, matches) => {
    expect(globMatches(pattern, name)).toBe(matches);
  });

  it('does not take for ever', () => {
    const start = performance.now();
    expect(globMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('isAddressedTo', () => {
  const to = (rest: object): Parameters<typeof isAddressedTo>[1] => ({
    destination: null,
    pattern: null,
    matcher: null,
    ...rest,
  });

  it('means everybody when nobody is named', () => {
    expect(isAddressedTo('w1@h', to({}))).toBe(true);
    expect(isAddressedTo('w1@h', to({ destination: [] }))).toBe(true);
    expect(isAddressedTo('w1@h', to({ pattern: 'nobody' }))).toBe(true);
  });

  it('takes names over patterns', () => {
    expect(isAddressedTo('w1@h', to({ destination: ['w2@h'], pattern: '*', matcher: 'glob' }))).toBe(false);
    expect(isAddressedTo('w1@h', to({ destination: ['w2@h', 'w1@h'] }))).toBe(true);
  });

  it('matches regular expressions from the start', () => {
    expect(isAddressedTo('w1@h', to({ pattern: 'w\\d', matcher: 'pcre' }))).toBe(true);
    expect(isAddressedTo('xw1@h', to({ pattern: 'w\\d', matcher: 'pcre' }))).toBe(false);
  });

  it.each([
    ['an unknown matcher', { pattern: '*', matcher: 'sql' }],
    ['a bad expression', { pattern: '(', matcher: 'pcre' }],
    ['an expression that never ends', { pattern: '(a+)+$', matcher: 'pcre' }],
  ])('refuses %s', (_, rest) => {
    expect(() => isAddressedTo(`${'a'.repeat(60)}!`, to(rest))).toThrow(
      expect.objectContaining({ code: 'MESSAGE_INVALID' }),
    );
  });
});
