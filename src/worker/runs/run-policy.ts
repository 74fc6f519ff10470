import {
  type RegisteredTask,
  type Settings,
  type TaskMessage,
  type UniqueRule,
  uniqueRule,
} from '../../app/index.js';
import { rateInterval } from '../scheduling/rate-limit.js';

/** What a task, and where it is silent the settings, lay down for each of its runs. */
export interface TaskPolicy {
  readonly acksLate: boolean;
  readonly acksOnFailure: boolean;
  readonly acksOnTimeout: boolean;
  /** Back to the queue when its process ends under it. */
  readonly rejectOnWorkerLost: boolean;
  /** Counted as a retry when its process ends under it. */
  readonly retryOnWorkerLost: boolean;
  readonly ignoreResult: boolean;
  readonly storeErrors: boolean;
  readonly trackStarted: boolean;
  /** Seconds. */
  readonly hardLimit: number | null;
  readonly softLimit: number | null;
  readonly rateLimit: string | number | null;
  /** Milliseconds between two starts in all workers together. */
  readonly fleetIntervalMs: number | null;
  readonly unique: UniqueRule | null;
}

function resolve(task: RegisteredTask, conf: Settings): TaskPolicy {
  const { options } = task;
  const acksOnBoth = options.acksOnFailureOrTimeout ?? conf.task_acks_on_failure_or_timeout;
  return {
    acksLate: options.acksLate ?? conf.task_acks_late,
    // A setting for one of the two beats the task's word for both, as in Celery.
    acksOnFailure: options.acksOnFailure ?? conf.task_acks_on_failure ?? acksOnBoth,
    acksOnTimeout: options.acksOnTimeout ?? conf.task_acks_on_timeout ?? acksOnBoth,
    rejectOnWorkerLost: options.rejectOnWorkerLost ?? conf.task_reject_on_worker_lost,
    retryOnWorkerLost: options.retryOnWorkerLost ?? conf.task_retry_on_worker_lost,
    ignoreResult: options.ignoreResult ?? conf.task_ignore_result,
    storeErrors: options.storeErrorsEvenIfIgnored ?? conf.task_store_errors_even_if_ignored,
    trackStarted: options.trackStarted ?? conf.task_track_started,
    hardLimit: options.timeLimit ?? conf.task_time_limit,
    softLimit: options.softTimeLimit ?? conf.task_soft_time_limit,
    rateLimit: conf.worker_disable_rate_limits ? null : (options.rateLimit ?? conf.task_default_rate_limit),
    fleetIntervalMs: conf.worker_disable_rate_limits ? null : rateInterval(options.fleetRateLimit ?? null),
    unique: uniqueRule(task),
  };
}

/** Seconds; null for none. */
export type TimeLimits = Pick<TaskPolicy, 'hardLimit' | 'softLimit'>;

/** Policies by task, worked out once each. */
export class TaskPolicies {
  readonly #conf: Settings;
  readonly #known = new WeakMap<RegisteredTask, TaskPolicy>();
  readonly #limits = new Map<string, TimeLimits>();

  constructor(conf: Settings) {
    this.#conf = conf;
  }

  of(task: RegisteredTask): TaskPolicy {
    let policy = this.#known.get(task);
    if (policy === undefined) {
      policy = { ...resolve(task, this.#conf), ...this.#limits.get(task.name) };
      this.#known.set(task, policy);
    }
    return policy;
  }

  /** Time limits set at run time, which beat the task's own: for runs that have not begun. */
  limit(task: RegisteredTask, limits: TimeLimits): void {
    this.#limits.set(task.name, limits);
    // Runs that wait hold the policy itself.
    Object.assign(this.of(task), limits);
  }
}

/**
 * The message's own word beats the task's, which beats the settings' (protocol section 7.6). The result of a chord's part is
 * always kept: without it the chord would never end.
 */
export const ignoresResult = (message: TaskMessage, policy: TaskPolicy): boolean =>
  message.embed.chord === null && (message.ignoreResult ?? policy.ignoreResult);

/** Seconds, `[hard, soft]`; the message's limits beat the task's. */
export const limitsOf = (
  message: TaskMessage,
  policy: TaskPolicy,
): readonly [hard: number | null, soft: number | null] => [
  message.timelimit[0] ?? policy.hardLimit,
  message.timelimit[1] ?? policy.softLimit,
];

/** For tasks nobody registered: always on record (protocol section 7.1), and removed from the queue as rejected. */
export const unknownTaskPolicy: TaskPolicy = {
  acksLate: true,
  acksOnFailure: false,
  acksOnTimeout: false,
  rejectOnWorkerLost: false,
  retryOnWorkerLost: false,
  ignoreResult: false,
  storeErrors: true,
  trackStarted: false,
  hardLimit: null,
  softLimit: null,
  rateLimit: null,
  fleetIntervalMs: null,
  unique: null,
};
