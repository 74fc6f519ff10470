/**
 * Celery's own exceptions, as tasks and result readers meet them. `excModule` is the Python module a result store
 * names, so that Python clients rebuild the same class.
 */
class CeleryError extends Error {
  readonly excModule: string = 'celery.exceptions';
  /** What Python finds in `args`. */
  readonly excArgs: readonly unknown[];

  constructor(message: string, excArgs: readonly unknown[], options?: ErrorOptions) {
    super(message, options);
    this.excArgs = excArgs;
  }
}

/** The soft time limit has passed: end the task in an orderly way. Reason of the run's signal. */
export class SoftTimeLimitExceeded extends CeleryError {
  override readonly name = 'SoftTimeLimitExceeded';
  override readonly excModule = 'billiard.exceptions';
  constructor() {
    super('SoftTimeLimitExceeded()', []);
  }
}

/** The hard time limit has passed: the run was given up. */
export class TimeLimitExceeded extends CeleryError {
  override readonly name = 'TimeLimitExceeded';
  override readonly excModule = 'billiard.exceptions';
  constructor(seconds: number) {
    super(`TimeLimitExceeded(${seconds})`, [seconds]);
  }
}

/** The worker, or its child, ended before the task did. */
export class WorkerLostError extends CeleryError {
  override readonly name = 'WorkerLostError';
  override readonly excModule = 'billiard.exceptions';
  constructor(message: string) {
    super(message, [message]);
  }
}

/** The worker is stopping and does not wait any longer, or has lost its connection and is told to give up what ran. Reason of the run's signal; never stored. */
export class WorkerShutdown extends CeleryError {
  override readonly name = 'WorkerShutdown';
  constructor(why = 'the worker is stopping') {
    super(why, []);
  }
}

/** The task was revoked, terminated or has expired. */
export class TaskRevokedError extends CeleryError {
  override readonly name = 'TaskRevokedError';
  constructor(why: string) {
    super(why, [why]);
  }
}

/** The worker knows no task of that name. */
export class NotRegistered extends CeleryError {
  override readonly name = 'NotRegistered';
  constructor(task: string) {
    super(`'${task}'`, [task]);
  }
}

/** A task asked for a retry beyond its `maxRetries` and named no error of its own. */
export class MaxRetriesExceededError extends CeleryError {
  override readonly name = 'MaxRetriesExceededError';
  constructor(task: string, id: string, argsrepr: string, kwargsrepr: string) {
    const message = `Can't retry ${task}[${id}] args:${argsrepr} kwargs:${kwargsrepr}`;
    super(message, [message]);
  }
}

/** A result or an argument cannot be written in the chosen format. */
export class EncodeError extends CeleryError {
  override readonly name = 'EncodeError';
  override readonly excModule = 'kombu.exceptions';
  constructor(message: string, options?: ErrorOptions) {
    super(message, [message], options);
  }
}
