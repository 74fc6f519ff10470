import { type Clock, type Logger, messageOf } from '../../base/index.js';
import { type ConnectionSettings, Session, verdictOf } from '../../postgres/index.js';
import type { ResultRecord } from '../result-backend.js';
import { StoreQueue } from '../store-queue.js';
import type { EncodeSide, StoredFormat } from '../stored-value.js';
import { announcement } from './announce.js';
import { attemptsWrite } from './attempt-rows.js';
import { checkFits, type EncodedRow, encodeRow, reduced } from './encoded-row.js';
import { RESULT_DATABASE, type TableInUse } from './table-in-use.js';
import type { TableShape } from './table-shape.js';
import { translated } from './translated.js';
import { upsertFor } from './upsert.js';

export interface ResultWriterOptions {
  readonly settings: ConnectionSettings;
  readonly table: TableInUse;
  /** `result_extended`. */
  readonly extended: boolean;
  readonly format: Promise<StoredFormat>;
  /** Milliseconds a record is tried for when the database is away. */
  readonly budgetMs: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Milliseconds that closing waits for a database that is away. */
const CLOSING_BUDGET_MS = 10_000;

/** Stores results over a connection of its own: gathered, guarded, repeated when the database was away. */
export class ResultWriter {
  readonly #options: ResultWriterOptions;
  readonly #session: Session;
  readonly #queue: StoreQueue<EncodedRow>;
  #encodeSide: EncodeSide | undefined;
  #upsert: { readonly shape: TableShape; readonly of: ReturnType<typeof upsertFor> } | undefined;

  constructor(options: ResultWriterOptions) {
    this.#options = options;
    options.format.then(
      ({ encodeSide }) => {
        this.#encodeSide = encodeSide;
      },
      // Whoever stores is told.
      () => undefined,
    );
    this.#session = new Session({ ...options, what: RESULT_DATABASE });
    this.#queue = new StoreQueue({
      ...options,
      write: (rows) => this.#write(rows),
      closingBudgetMs: CLOSING_BUDGET_MS,
      verdictOf,
      translated: (error, what) => translated(error, what, options.settings.shown),
      shown: options.settings.shown,
    });
  }

  /** Resolves when the record is durable. Rejects with ENCODE_FAILED for a value that cannot be stored. */
  async store(record: ResultRecord): Promise<void> {
    const { clock, format } = this.#options;
    // Known before the first result: then the value is read in this very turn, whatever the task does to it later.
    const encodeSide = this.#encodeSide ?? (await format).encodeSide;
    await this.#queue.add(encodeRow(record, clock.now(), encodeSide));
  }

  async close(): Promise<void> {
    // What was stored before its format was known comes first.
    await this.#options.format.catch(() => undefined);
    await this.#queue.close();
    await this.#session.close();
  }

  async #write(rows: readonly EncodedRow[]): Promise<void> {
    const { table, extended, logger } = this.#options;
    const shape = await table.shape(this.#session);
    for (const row of rows) checkFits(row, shape);
    if (this.#upsert?.shape !== shape) this.#upsert = { shape, of: upsertFor(shape, extended) };
    const stored = reduced(rows);
    const writing = this.#session.query(this.#upsert.of(stored));
    // A statement of its own: NOTIFY holds a lock of the whole server until its transaction is on disk, so within
    // the same transaction the commits of all workers would wait for each other. It is sent behind the first one
    // without waiting; who misses it because the connection broke in between finds the row by looking.
    this.#session.query(announcement(stored.map((row) => row.taskId))).catch((error: unknown) => {
      logger.debug({ error: messageOf(error) }, 'results were not announced');
    });
    const attempts = attemptsWrite(rows.map((row) => row.attempt));
    if (attempts !== undefined) {
      // Also behind the results, and apart from them: they must not fail because of it.
      this.#session.query(attempts).catch((error: unknown) => {
        logger.debug({ error: messageOf(error) }, 'runs were not written down');
      });
    }
    try {
      await writing;
    } catch (error) {
      if (verdictOf(error) === 'refused') table.lookAgain();
      throw error;
    }
  }
}
