import type { RetryPlan } from './control-errors.js';
import type { WorkerLostError } from './task-errors.js';

/**
 * What a run ended in. Everything that follows (rows, messages, signals, acknowledgement) is decided from this value
 * alone, in one exhaustive table (`settle`).
 */
export type Outcome =
  | { readonly kind: 'success'; readonly value: unknown }
  | { readonly kind: 'failure'; readonly error: unknown; readonly timedOut?: boolean }
  | { readonly kind: 'retry'; readonly plan: RetryPlan }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'rejected'; readonly requeue: boolean; readonly reason: string }
  /** The process or thread that ran it ended under it. */
  | { readonly kind: 'crashed'; readonly error: WorkerLostError }
  | { readonly kind: 'revoked'; readonly why: 'revoked' | 'expired' | 'terminated' }
  /** Not run: call `first` of the same unique task is not done yet. */
  | { readonly kind: 'revoked'; readonly why: 'duplicate'; readonly first: string }
  /** Already finished earlier: only what must not be missing is made good. */
  | { readonly kind: 'repeated' }
  /** Not run: it was begun before, and neither the broker nor the message says how often. */
  | { readonly kind: 'uncounted' }
  /** Its time has not come: the broker holds it meanwhile. */
  | { readonly kind: 'postponed'; readonly delaySeconds: number }
  /** Not ended here: the message goes back (`shutdown`, `unstored`) or has gone already (`lost`). */
  | { readonly kind: 'returned'; readonly why: 'lost' | 'shutdown' | 'unstored' };

/** A count for each way to end. */
export const noOutcomes = (): Record<Outcome['kind'], number> => ({
  success: 0,
  failure: 0,
  retry: 0,
  ignored: 0,
  rejected: 0,
  crashed: 0,
  revoked: 0,
  repeated: 0,
  uncounted: 0,
  postponed: 0,
  returned: 0,
});

/** What happens to the message, and what the run's end is called. */
export interface Disposal {
  readonly message: 'ack' | 'reject' | 'release' | 'none';
  /** The state as `task_postrun` reports it. */
  readonly state: string;
  readonly retval: unknown;
  /** Seconds before a released message comes again, where the broker can delay. */
  readonly delaySeconds?: number;
}

/** A settling step either disposes of the message, or finds that the run ended differently (a result nobody can encode). */
export type Settled = Disposal | { readonly instead: Outcome };
