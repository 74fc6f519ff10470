import { currentTask } from '../app/index.js';
import type { Logger } from '../base/index.js';
import type { Worker } from '../worker/index.js';

/**
 * Errors that no promise hears, thrown in a timer or rejected and never handled, fail the task whose code they come from.
 * One that belongs to no running task leaves the process in a state that nobody knows: the worker stops, and hands back
 * what it has not finished.
 */
export class StrayErrors {
  readonly #worker: Worker;
  readonly #logger: Logger;
  readonly #deadlineMs: number;
  #fatal: { readonly error: unknown } | undefined;

  constructor(worker: Worker, logger: Logger, deadlineMs: number) {
    this.#worker = worker;
    this.#logger = logger;
    this.#deadlineMs = deadlineMs;
    process.on('uncaughtException', this.#heard);
    process.on('unhandledRejection', this.#heard);
  }

  /** Gives the process its own ways back. */
  release(): void {
    process.off('uncaughtException', this.#heard);
    process.off('unhandledRejection', this.#heard);
  }

  /** Throws the error that stopped the worker, if one did. */
  check(): void {
    if (this.#fatal !== undefined) throw this.#fatal.error;
  }

  readonly #heard = (error: unknown): void => {
    const { name: task, id } = currentTask() ?? {};
    if (id !== undefined && this.#worker.fail(id, error)) return;
    this.#logger.fatal({ task, id, err: error }, 'an error that nobody handles: the worker stops');
    this.#fatal ??= { error };
    void this.#worker.stop({ deadlineMs: this.#deadlineMs });
  };
}
