import type { RegisteredTask, RetryOptions, TaskMessage, TaskOptions } from '../../app/index.js';
import { Retry } from './control-errors.js';
import { MaxRetriesExceededError } from './task-errors.js';

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
export function retryError(
  message: TaskMessage,
  task: RegisteredTask,
  options: RetryOptions,
  random: () => number = Math.random,
): unknown {
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
      : (options.countdown ?? retryCountdown(task.options, message.retries, random)),
    eta: options.eta ?? null,
    error: options.error,
    ...(options.args && { args: options.args }),
    ...(options.kwargs && { kwargs: options.kwargs }),
    ...(options.options && { options: options.options }),
  });
}

/** True when the task wants to be retried on this error by itself. */
export function retriesOn(autoretryFor: TaskOptions['autoretryFor'], error: unknown): boolean {
  if (autoretryFor === undefined) return false;
  if (autoretryFor === true) return true;
  if (Array.isArray(autoretryFor)) {
    return (autoretryFor as readonly (abstract new (...args: never[]) => Error)[]).some(
      (type) => error instanceof type,
    );
  }
  return (autoretryFor as (error: unknown) => boolean)(error);
}
