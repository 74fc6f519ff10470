import { backoffMs, type Clock } from '../../base/index.js';
import { verdictOf } from '../../postgres/index.js';
import type { RetryPolicy } from '../retry-policy.js';
import { translated } from './translated.js';

export interface RetryOptions {
  /** What is tried, for the error: `read the results of 3 tasks`. */
  readonly what: string;
  readonly shown: string;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
}

/** Repeats while the database is away, as long as the budget allows; then, or when refused, throws the translated error. */
export async function retried<T>(run: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, policy } = options;
  const end = clock.monotonic() + policy.budgetMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const pause = backoffMs(attempt, policy.pauses);
      const over = attempt >= policy.retries || clock.monotonic() + pause >= end;
      if (verdictOf(error) !== 'transient' || over) {
        throw translated(error, options.what, options.shown);
      }
      await clock.sleep(pause);
    }
  }
}
