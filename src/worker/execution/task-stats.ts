import { Histogram, type HistogramData } from './histogram.js';
import { noOutcomes, type Outcome } from './outcome.js';

/** What became of the runs of one task. */
export interface TaskStats {
  readonly outcomes: Readonly<Record<Outcome['kind'], number>>;
  /** Seconds from receipt to the beginning: the wait for its ETA, its rate limit and a slot. */
  readonly wait: HistogramData;
  /** Seconds from the beginning to the end of what the task itself does. */
  readonly runtime: HistogramData;
}

/** The same, as it is written. */
export class TaskTally implements TaskStats {
  readonly outcomes = noOutcomes();
  readonly wait = new Histogram();
  readonly runtime = new Histogram();
}
