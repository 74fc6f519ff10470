import { messageOf } from '../../base/index.js';

/** Throw it to end a task without any state being stored. The message is acknowledged. */
export class Ignore extends Error {
  override readonly name = 'Ignore';
}

/** Throw it to have the message rejected (the broker may dead-letter it), stored as FAILURE; or, with `requeue`, delivered again. */
export class Reject extends Error {
  override readonly name = 'Reject';
  readonly excModule = 'celery.exceptions';
  readonly excArgs: readonly unknown[];
  readonly requeue: boolean;
  constructor(reason = 'rejected by the task', options: { readonly requeue?: boolean } = {}) {
    super(reason);
    this.requeue = options.requeue ?? false;
    this.excArgs = [reason, this.requeue];
  }
}

/** What a retry asks for, all decided: when, why and with which arguments. */
export interface RetryPlan {
  /** Seconds from now; null when `eta` says when. */
  readonly countdown: number | null;
  readonly eta: Date | null;
  readonly error: unknown;
  /** False when it does not count as a retry (`snooze`). */
  readonly counted: boolean;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Thrown by `context.retry()`: ends the run and sends the call again later. */
export class Retry extends Error {
  override readonly name = 'Retry';
  readonly excModule = 'celery.exceptions';
  readonly excArgs: readonly unknown[];
  readonly plan: RetryPlan;
  constructor(plan: RetryPlan) {
    const when = plan.eta === null ? `in ${plan.countdown}s` : `at ${plan.eta.toISOString()}`;
    super(`Retry ${when}${plan.error === undefined ? '' : `: ${messageOf(plan.error)}`}`);
    this.excArgs = [this.message];
    this.plan = plan;
  }
}
