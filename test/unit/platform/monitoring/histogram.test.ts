import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bucketOf,
  bucketSql,
  percentile,
  percentiles,
} from '../../../../src/platform/monitoring/histogram.js';
import { execute, freshDatabase } from '../../../support/postgres.js';

const histogramOf = (durations: readonly number[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const seconds of durations) counts[bucketOf(seconds)] = (counts[bucketOf(seconds)] ?? 0) + 1;
  return counts;
};

test('a percentile is right within a tenth', () => {
  const seconds = fc.double({ min: 0.0011, max: 20_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(seconds, { minLength: 1 }), fc.constantFrom(0.5, 0.95, 0.99), (durations, share) => {
      const sorted = [...durations].sort((one, other) => one - other);
      const exact = sorted[Math.ceil(share * sorted.length) - 1] as number;
      expect((percentile(histogramOf(durations), share) as number) / exact).toBeCloseTo(1, 0);
      expect(Math.abs((percentile(histogramOf(durations), share) as number) / exact - 1)).toBeLessThan(0.1);
    }),
  );
});

test('of nothing there is no percentile', () => {
  expect(percentiles({})).toBe(null);
});

test('the database has the same buckets', async () => {
  const url = await freshDatabase();
  const durations = [0, 0.0004, 0.001, 0.0017, 0.25, 1, 59.9, 3600, 86_400];
  const { rows } = await execute(
    url,
    `SELECT ${bucketSql('s')} AS bucket FROM unnest(ARRAY[${durations.join(',')}]::float8[]) WITH ORDINALITY AS d(s, n) ORDER BY n`,
  );
  expect(rows.map(({ bucket }) => bucket)).toEqual(durations.map(bucketOf));
});
