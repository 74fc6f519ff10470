import { backoffMs, type Clock } from '../../base/index.js';
import { verdictOf } from '../../postgres/index.js';
import { translated } from './translated.js';

export interface RetryOptions {
  /** What is tried, for the error: `read the results of 3 tasks`. */
  readonly what: string;
  readonly shown: string;
  readonly budgetMs: number;
  readonly clock: Clock;
}

/** Repeats while the database is away, as long as the budget allows; then, or when refused, throws the translated error. */
export async function retried<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock } = options;
  const end = clock.monotonic() + options.budgetMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const pause = backoffMs(attempt, { baseMs: 50, maxMs: 2000 });
      if (verdictOf(error) !== 'transient' || clock.monotonic() + pause >= end) {
        throw translated(error, options.what, options.shown);
      }
      await clock.sleep(pause);
    }
  }
}
