import type { ErrorFilter, RegisteredTask, RetryOptions, TaskMessage, TaskOptions } from '../../app/index.js';
import { ToolboxError } from '../../base/index.js';
import { Retry } from './control-errors.js';
import { MaxRetriesExceededError } from './task-errors.js';

type RetriedMessage = Pick<TaskMessage, 'task' | 'id' | 'retries' | 'argsrepr' | 'kwargsrepr'>;

const DEFAULT_MAX_RETRIES = 3;
const DEFAULT_RETRY_DELAY = 180;
const DEFAULT_BACKOFF_MAX = 600;

/** Seconds until the next attempt: exponential where the task asks for it (protocol section 7.4), else its fixed delay. */
export function retryCountdown(options: TaskOptions, retries: number, random: () => number): number {
  const { retryBackoff, retryBackoffMax = DEFAULT_BACKOFF_MAX, retryJitter = true } = options;
  if (retryBackoff === undefined || retryBackoff === false) {
    return options.defaultRetryDelay ?? DEFAULT_RETRY_DELAY;
  }
  const factor = Math.trunc(Math.max(1, retryBackoff === true ? 1 : retryBackoff));
  const countdown = Math.min(retryBackoffMax, factor * 2 ** Math.min(retries, 52));
  return retryJitter ? Math.floor(random() * (countdown + 1)) : countdown;
}

/** What `retry()` throws: the plan, or, when no retry is left, the error given or MaxRetriesExceededError. */
export function retryError(message: RetriedMessage, task: RegisteredTask, options: RetryOptions): unknown {
  const own = task.options.maxRetries === undefined ? DEFAULT_MAX_RETRIES : task.options.maxRetries;
  const max = options.maxRetries === undefined ? own : options.maxRetries;
  if (max !== null && message.retries >= max) {
    return (
      options.error ??
      new MaxRetriesExceededError(message.task, message.id, message.argsrepr, message.kwargsrepr)
    );
  }
  return new Retry({
    countdown: options.eta
      ? null
      : (options.countdown ?? task.options.defaultRetryDelay ?? DEFAULT_RETRY_DELAY),
    eta: options.eta ?? null,
    counted: true,
    error: options.error,
    ...(options.args && { args: options.args }),
    ...(options.kwargs && { kwargs: options.kwargs }),
    ...(options.options && { options: options.options }),
  });
}

/** What `snooze()` throws. */
export function snoozeError(seconds: number): Retry {
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new ToolboxError('CONFIG_INVALID', `task.snooze(): expected seconds, 0 or more, got ${seconds}`);
  }
  return new Retry({ countdown: seconds, eta: null, error: undefined, counted: false });
}

/** What an error leads to that the task did not catch: the retry it is to have by itself, or undefined (protocol section 7.4). */
export function automaticRetry(
  message: RetriedMessage,
  task: RegisteredTask,
  error: unknown,
  random: () => number,
): unknown {
  const { autoretryFor, dontAutoretryFor, retryKwargs, retryBackoff } = task.options;
  if (autoretryFor === undefined || (dontAutoretryFor && matches(dontAutoretryFor, error))) return undefined;
  if (autoretryFor !== true && !matches(autoretryFor, error)) return undefined;
  const backsOff = retryBackoff !== undefined && retryBackoff !== false;
  const { countdown, ...rest } = retryKwargs ?? {};
  return retryError(message, task, {
    ...rest,
    ...(backsOff
      ? { countdown: retryCountdown(task.options, message.retries, random) }
      : countdown !== undefined && { countdown }),
    error,
  });
}

/** True when the task is run again on that error: it asked for a retry, or is to have one by itself. */
export const isRetriedOn = (message: RetriedMessage, task: RegisteredTask, error: unknown): boolean =>
  error instanceof Retry || automaticRetry(message, task, error, () => 0) instanceof Retry;

function matches(filter: ErrorFilter, error: unknown): boolean {
  return typeof filter === 'function' ? filter(error) : filter.some((type) => error instanceof type);
}
