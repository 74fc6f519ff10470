import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicMatches } from '../../../src/messaging/index.js';

describe('topicMatches', () => {
  it.each([
    ['#', ['', 'a', 'a.b', 'a.b.c'], []],
    ['*', ['a'], ['', 'a.b']],
    ['a.*', ['a.b'], ['a', 'a.b.c', 'b.a']],
    ['a.#', ['a', 'a.b', 'a.b.c'], ['', 'b', 'ab']],
    ['#.a', ['a', 'b.a', 'x.y.a'], ['a.b', '']],
    ['a.#.b', ['a.b', 'a.x.b', 'a.x.y.b'], ['a', 'b', 'a.b.c']],
    ['*.#', ['a', 'a.b'], ['']],
    ['#.#', ['', 'a', 'a.b'], []],
    ['export', ['export'], ['exports', 'export.x', '']],
    ['a.b', ['a.b'], ['axb']],
  ])('%s', (pattern, matching, others) => {
    expect(matching.filter((key) => !topicMatches(pattern, key))).toEqual([]);
    expect(others.filter((key) => topicMatches(pattern, key))).toEqual([]);
  });

  it('agrees with a matcher written the slow way', () => {
    const slow = (pattern: string[], key: string[]): boolean => {
      const [word, ...rest] = pattern;
      if (word === undefined) return key.length === 0;
      if (word === '#') return slow(rest, key) || (key.length > 0 && slow(pattern, key.slice(1)));
      return key.length > 0 && (word === '*' || word === key[0]) && slow(rest, key.slice(1));
    };
    const words = (of: readonly string[]) => fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(words(['a', 'b', '*', '#']), words(['a', 'b', 'c']), (pattern, key) => {
        expect(topicMatches(pattern.join('.'), key.join('.'))).toBe(slow(pattern, key));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not slowed down by hostile patterns and keys', () => {
    const started = performance.now();
    topicMatches(`${'#.a.'.repeat(40)}b`, 'a.'.repeat(2000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});
