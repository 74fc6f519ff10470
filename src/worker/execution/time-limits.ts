import type { Clock } from '../../base/index.js';
import type { Run } from '../runs/run.js';
import { limitsOf } from '../runs/run-policy.js';
import { SoftTimeLimitExceeded, TimeLimitExceeded } from './task-errors.js';

/**
 * Starts the clocks of a run's time limits. The soft one aborts its signal; the hard one aborts it and calls `onHard`.
 * The returned function stops both; undefined when the run has no limits.
 */
export function armLimits(
  run: Run,
  clock: Clock,
  onHard: (error: TimeLimitExceeded) => void,
): (() => void) | undefined {
  const [hard, soft] = limitsOf(run.message, run.policy);
  if (hard === null && soft === null) return undefined;
  const stopSoft =
    soft === null ? undefined : clock.after(soft * 1000, () => run.abort(new SoftTimeLimitExceeded()));
  const stopHard =
    hard === null
      ? undefined
      : clock.after(hard * 1000, () => {
          const error = new TimeLimitExceeded(hard);
          run.abort(error);
          onHard(error);
        });
  return () => {
    stopSoft?.();
    stopHard?.();
  };
}
