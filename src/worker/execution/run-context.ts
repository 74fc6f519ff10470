import type { RetryOptions, TaskContext, TaskRequest } from '../../app/index.js';
import { type Logger, ToolboxError } from '../../base/index.js';
import type { ResultBackend } from '../../results/index.js';
import type { Run } from '../runs/run.js';
import { recordOf } from '../settlement/records.js';
import { retryError, snoozeError } from './retry-plan.js';

/** What contexts share. */
export interface ContextServices {
  readonly hostname: string;
  readonly logger: Logger;
  readonly backend: ResultBackend | undefined;
  readonly extended: boolean;
  readonly random: () => number;
}

/** What a run may ask and do. Everything costly is made when first asked for. */
export class RunContext implements TaskContext {
  readonly #run: Run;
  readonly #services: ContextServices;
  #logger: Logger | undefined;
  #latest: unknown;
  #storing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(run: Run, services: ContextServices) {
    this.#run = run;
    this.#services = services;
  }

  get id(): string {
    return this.#run.message.id;
  }

  get name(): string {
    return this.#run.message.task;
  }

  get rootId(): string {
    return this.#run.message.rootId;
  }

  get parentId(): string | null {
    return this.#run.message.parentId;
  }

  get retries(): number {
    return this.#run.message.retries;
  }

  get hostname(): string {
    return this.#services.hostname;
  }

  get request(): TaskRequest {
    return this.#run.request;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  get logger(): Logger {
    const { task, id } = this.#run.message;
    this.#logger ??= this.#services.logger.child({ task, id });
    return this.#logger;
  }

  retry(options: RetryOptions = {}): never {
    throw retryError(this.#run.message, this.#run.task, options, this.#services.random);
  }

  snooze(seconds: number): never {
    throw snoozeError(seconds);
  }

  progress(done: number, total: number | null = null, text = ''): Promise<void> {
    this.#latest = progressMeta(done, total, text);
    // One at a time: what comes meanwhile waits for the next, and of that only the latest is stored.
    this.#next ??= (this.#storing ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#storing = this.updateState('PROGRESS', this.#latest);
        return this.#storing;
      });
    return this.#next;
  }

  async updateState(state: string, meta: unknown = null): Promise<void> {
    const run = this.#run;
    if (run.phase !== 'running' || !run.held()) {
      throw new ToolboxError(
        'LEASE_LOST',
        `task ${run.id}: the state ${state} is not stored, because this run has ended or its message was given to another worker`,
        { fields: { id: run.id, state } },
      );
    }
    await this.#services.backend?.store(recordOf(run, this.#services, state, meta, null));
  }
}

/** The names Python's progress readers know. */
const progressMeta = (current: number, total: number | null, description: string): object => ({
  current,
  total,
  percent: total === null || total === 0 ? null : Math.round((current / total) * 10_000) / 100,
  description,
});
