import { describe, expect, test } from 'vitest';
import { RateLimits, rateInterval } from '../../../src/worker/scheduling/rate-limit.js';

describe('rateInterval', () => {
  test.each([
    ['10/m', 6_000],
    ['100/h', 36_000],
    ['5/s', 200],
    ['5', 200],
    [4, 250],
    ['0.5/s', 2_000],
    [0, null],
    ['0/m', null],
    ['', null],
    [null, null],
  ])('%s', (limit, expected) => {
    expect(rateInterval(limit)).toBe(expected);
  });

  test.each(['10/d', 'many', '-1/s', '/s'])('refuses %s', (limit) => {
    expect(() => rateInterval(limit)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('RateLimits', () => {
  test('starts are spaced evenly, for each task by itself', () => {
    const limits = new RateLimits();
    expect([1, 2, 3].map(() => limits.take('a', '10/s', 1_000))).toEqual([0, 100, 200]);
    expect(limits.take('b', '10/s', 1_000)).toBe(0);
    expect(limits.take('a', '10/s', 5_000)).toBe(0);
  });

  test('a limit set at run time beats the own one, and null lifts it', () => {
    const limits = new RateLimits();
    limits.override('a', '1/s');
    expect([1, 2].map(() => limits.take('a', null, 0))).toEqual([0, 1_000]);
    limits.override('a', null);
    expect(limits.take('a', '1/s', 0)).toBe(0);
    expect(limits.take('a', '1/s', 0)).toBe(0);
    expect(() => limits.override('a', 'x')).toThrow();
  });
});
