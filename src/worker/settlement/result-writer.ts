import {
  backoffMs,
  type Clock,
  type Deferred,
  deferred,
  hasCode,
  type Logger,
  messageOf,
} from '../../base/index.js';
import type { ResultBackend, ResultRecord, TaskMeta } from '../../results/index.js';
import type { Held } from '../runs/held.js';

export interface ResultWriterOptions {
  readonly backend: ResultBackend | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The store has gone away, or is back: fetching pauses meanwhile. */
  readonly onAway: () => void;
  readonly onBack: () => void;
  /** Milliseconds a write is tried for. Default 600 000. */
  readonly budgetMs?: number;
  /** Longest pause between two looks whether the store is back, in milliseconds. Default 2 000. */
  readonly maxProbeMs?: number;
}

const DEFAULT_BUDGET_MS = 600_000;
const NOBODY = '00000000-0000-0000-0000-000000000000';

const isAway = (error: unknown): boolean =>
  hasCode(error, 'RESULT_BACKEND_UNREACHABLE') || hasCode(error, 'RESULT_BACKEND_REFUSED');

/**
 * Writes results so that none is lost while the store is away: the first failed write stops fetching, one probe looks
 * for the store, and the waiting writes are repeated when it is back, as long as their message is held.
 */
export class ResultWriter {
  readonly #options: ResultWriterOptions;
  /** Resolves when the store is back; undefined while it works. */
  #away: Deferred<void> | undefined;
  #attempt = 0;
  readonly #closing = new AbortController();

  constructor(options: ResultWriterOptions) {
    this.#options = options;
  }

  /** False when there is no store: nothing needs to be written. */
  get stores(): boolean {
    return this.#options.backend !== undefined;
  }

  get away(): boolean {
    return this.#away !== undefined;
  }

  /** The meta of a task; undefined when given up, as `store`, or when there is no store. */
  async read(taskId: string, lease: Held): Promise<TaskMeta | undefined> {
    let meta: TaskMeta | undefined;
    await this.#insist(lease, async (backend) => {
      [meta] = await backend.get([taskId]);
    });
    return meta;
  }

  /**
   * Resolves with true when the record is durable (or there is no store), with false when it was given up: the message
   * is no longer `held`, the budget is spent, or the worker stops. Rejects when the record itself cannot be written.
   */
  store(record: ResultRecord, lease: Held): Promise<boolean> {
    return this.#insist(lease, (backend) => backend.store(record));
  }

  async #insist(lease: Held, attempt: (backend: ResultBackend) => Promise<void>): Promise<boolean> {
    const { backend, clock, budgetMs = DEFAULT_BUDGET_MS } = this.#options;
    if (backend === undefined) return true;
    let deadline: number | undefined;
    for (;;) {
      try {
        await attempt(backend);
        this.#attempt = 0;
        return true;
      } catch (error) {
        if (!isAway(error)) throw error;
        this.#gone(error);
      }
      deadline ??= clock.monotonic() + budgetMs;
      await this.#away?.promise;
      if (this.#closing.signal.aborted || !lease.held() || clock.monotonic() > deadline) return false;
    }
  }

  /** Writes what only informs (STARTED, progress): tried once, never waited for, and its failure is no event of the task. */
  note(record: ResultRecord): void {
    const { backend, logger } = this.#options;
    if (backend === undefined || this.#away !== undefined) return;
    backend.store(record).catch((error: unknown) => {
      logger.debug({ id: record.taskId, status: record.status, error: messageOf(error) }, 'state not stored');
      if (isAway(error)) this.#gone(error);
    });
  }

  /** Ends every wait: what is not written now is given up. */
  close(): void {
    this.#closing.abort();
    this.#back();
  }

  #gone(error: unknown): void {
    if (this.#away !== undefined || this.#closing.signal.aborted) return;
    this.#away = deferred();
    this.#options.logger.error({ error: messageOf(error) }, 'result store away: fetching pauses');
    this.#options.onAway();
    void this.#probe();
  }

  async #probe(): Promise<void> {
    const { backend, clock, maxProbeMs = 2_000 } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        this.#attempt += 1;
        await clock.sleep(backoffMs(this.#attempt, { maxMs: maxProbeMs }), signal);
        await backend?.get([NOBODY]);
        break;
      } catch {
        // Still away: the first failure was logged, and the end of it will be.
      }
    }
    this.#back();
  }

  #back(): void {
    const away = this.#away;
    if (away === undefined) return;
    this.#away = undefined;
    if (!this.#closing.signal.aborted) {
      this.#options.logger.info({}, 'result store back: fetching goes on');
      this.#options.onBack();
    }
    away.resolve();
  }
}
