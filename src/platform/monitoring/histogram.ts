/**
 * Counts of durations by bucket: four buckets to each doubling, from a millisecond on, so that a percentile is right within a tenth.
 * Sums of histograms are histograms.
 */
export type Histogram = Readonly<Record<string, number>>;

const PER_DOUBLING = 4;

/** SQL for the bucket of a number of seconds, as `bucketOf` has it; NULL stays NULL. */
export const bucketSql = (seconds: string): string =>
  `floor(${PER_DOUBLING} * log(2, greatest((${seconds})::numeric * 1000, 1)))::int`;

export const bucketOf = (seconds: number): number =>
  Math.floor(PER_DOUBLING * Math.log2(Math.max(seconds * 1000, 1)));

/** Seconds in the middle of a bucket. */
const middleOf = (bucket: number): number => 2 ** ((bucket + 0.5) / PER_DOUBLING) / 1000;

/** Seconds that this share of durations (0 to 1) does not exceed; null of none. */
export function percentile(histogram: Histogram, share: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .sort(([one], [other]) => one - other);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let passed = 0;
  for (const [bucket, count] of buckets) {
    passed += count;
    if (passed >= share * total) return middleOf(bucket);
  }
  return null;
}

export function percentiles(histogram: Histogram): { p50: number; p95: number; p99: number } | null {
  const [p50 = null, p95 = null, p99 = null] = [0.5, 0.95, 0.99].map((share) => percentile(histogram, share));
  return p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 };
}
