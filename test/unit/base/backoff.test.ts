import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../src/base/index.js';

describe('backoffMs', () => {
  it('doubles its upper bound with each attempt, up to the longest wait', () => {
    const bounds = [0, 1, 2, 3, 8, 9, 100].map((attempt) => backoffMs(attempt, { random: () => 1 }));
    expect(bounds).toEqual([100, 200, 400, 800, 25_600, 30_000, 30_000]);
  });

  it('stays within 0 and the bound for any attempt, base and limit', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 3_600_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, baseMs, maxMs, random) => {
          const wait = backoffMs(attempt, { baseMs, maxMs, random: () => random });
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(Math.min(maxMs, baseMs * 2 ** attempt));
        },
      ),
    );
  });

  it('spreads the waits of many over the whole span', () => {
    const waits = Array.from({ length: 200 }, () => backoffMs(3));
    expect(Math.min(...waits)).toBeLessThan(400);
    expect(Math.max(...waits)).toBeGreaterThan(400);
    expect(Math.max(...waits)).toBeLessThan(800);
  });
});
