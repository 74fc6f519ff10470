import { setImmediate as endOfTurn } from 'node:timers/promises';
import { backoffMs, type Clock, illegalCall, type Logger, messageOf } from '../base/index.js';

/** What a store says of a failed write: worth trying again, one of the records is at fault, or refused until somebody acts. */
export type WriteVerdict = 'transient' | 'data' | 'refused';

/** A record as it is written. */
export interface QueuedRow {
  readonly taskId: string;
  /** About what it adds to a write, in bytes. */
  readonly size: number;
}

export interface StoreQueueOptions<Row extends QueuedRow> {
  /** Writes the rows in one statement. */
  readonly write: (rows: readonly Row[]) => Promise<void>;
  /** Milliseconds a record is tried for when the store is away. */
  readonly budgetMs: number;
  /** The same for what is still waiting when the queue is closed. */
  readonly closingBudgetMs: number;
  readonly verdictOf: (error: unknown) => WriteVerdict;
  /** The error as the floors above see it. `what` says what was tried. */
  readonly translated: (error: unknown, what: string) => Error;
  readonly shown: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

interface Entry<Row> {
  readonly row: Row;
  readonly deadline: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Statements start at least this far apart (ms): under load each takes along what came in between, alone none waits. */
const APART_MS = 1;
const MAX_ROWS = 1000;
const MAX_BYTES = 4 * 1024 * 1024;
const RETRY = { baseMs: 50, maxMs: 2000 };

/**
 * Gathers the records that come while a statement runs into the next one. One statement at a time: records of a task
 * are written in the order they came in.
 */
export class StoreQueue<Row extends QueuedRow> {
  readonly #options: StoreQueueOptions<Row>;
  #waiting: Entry<Row>[] = [];
  #loop: Promise<void> | undefined;
  #lastStart = Number.NEGATIVE_INFINITY;
  /** Failed tries in a row. */
  #attempt = 0;
  /** So many entries at the head are written one by one, because one of them was not taken. */
  #alone = 0;
  #closed = false;
  #lastDeadline = Number.POSITIVE_INFINITY;

  constructor(options: StoreQueueOptions<Row>) {
    this.#options = options;
  }

  /** Resolves when the row is durable. */
  add(row: Row): Promise<void> {
    if (this.#closed) return Promise.reject(illegalCall('storing a result', 'closed'));
    return new Promise((resolve, reject) => {
      const deadline = this.#options.clock.monotonic() + this.#options.budgetMs;
      this.#waiting.push({ row, deadline, resolve, reject });
      this.#loop ??= this.#run();
    });
  }

  /** Resolves when nothing is waiting any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#lastDeadline = this.#options.clock.monotonic() + this.#options.closingBudgetMs;
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (this.#waiting.length > 0) {
      await endOfTurn();
      const early = this.#lastStart + APART_MS - clock.monotonic();
      if (early > 0) await clock.sleep(early);
      this.#lastStart = clock.monotonic();
      await this.#write(this.#take());
    }
    this.#loop = undefined;
  }

  #take(): readonly Entry<Row>[] {
    if (this.#alone > 0) {
      this.#alone -= 1;
      return this.#waiting.splice(0, 1);
    }
    let bytes = 0;
    let count = 0;
    for (const { row } of this.#waiting) {
      bytes += row.size;
      if (count > 0 && (count === MAX_ROWS || bytes > MAX_BYTES)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(entries: readonly Entry<Row>[]): Promise<void> {
    const { shown, logger } = this.#options;
    try {
      await this.#options.write(entries.map((entry) => entry.row));
      if (this.#attempt > 0) logger.info({ url: shown }, 'the result store is back');
      this.#attempt = 0;
      for (const entry of entries) entry.resolve();
    } catch (error) {
      const verdict = this.#options.verdictOf(error);
      if (verdict === 'transient') return this.#later(entries, error);
      if (verdict === 'data' && entries.length > 1) {
        this.#waiting.unshift(...entries);
        this.#alone = entries.length;
        return;
      }
      for (const entry of entries) entry.reject(this.#refusal(error, entry));
    }
  }

  async #later(entries: readonly Entry<Row>[], error: unknown): Promise<void> {
    const { clock, logger, shown } = this.#options;
    if (this.#attempt === 0) {
      logger.warn(
        { url: shown, error: messageOf(error), waiting: entries.length },
        'storing results again later',
      );
    }
    this.#waiting.unshift(...entries);
    await clock.sleep(backoffMs(this.#attempt, RETRY));
    this.#attempt += 1;
    const now = clock.monotonic();
    const late = (entry: Entry<Row>): boolean => Math.min(entry.deadline, this.#lastDeadline) <= now;
    const given = this.#waiting.filter(late);
    this.#waiting = this.#waiting.filter((entry) => !late(entry));
    for (const entry of given) entry.reject(this.#refusal(error, entry));
  }

  #refusal(error: unknown, entry: Entry<Row>): Error {
    return this.#options.translated(error, `store the result of task ${entry.row.taskId}`);
  }
}
