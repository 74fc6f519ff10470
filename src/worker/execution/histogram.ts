/** Durations in seconds, counted by upper bound. */
export interface HistogramData {
  readonly bounds: readonly number[];
  /** For each bound, and one more for all that is longer: how many fell into that part. */
  readonly counts: readonly number[];
  readonly sum: number;
  readonly count: number;
  /** The latest one; 0 before the first. */
  readonly last: number;
}

/** Prometheus's usual bounds with a longer tail: tasks may run for minutes. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

export class Histogram implements HistogramData {
  readonly bounds: readonly number[];
  readonly counts: number[];
  sum = 0;
  count = 0;
  last = 0;

  constructor(bounds: readonly number[] = BOUNDS) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(seconds: number): void {
    let at = 0;
    while (at < this.bounds.length && seconds > (this.bounds[at] ?? 0)) at += 1;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += seconds;
    this.count += 1;
    this.last = seconds;
  }
}
