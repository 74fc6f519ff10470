import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { Subscription } from '../bus.js';
import { IdCursor } from './id-cursor.js';

export interface TableRow {
  readonly id: string;
}

export interface TableReaderOptions<R extends TableRow> {
  /** Whether an announcement concerns this reader. */
  readonly listensTo: string;
  /** The highest number now: what comes later is read. */
  readonly start: () => Promise<number>;
  /** Rows above `last`, and those of `gaps`, in order. */
  readonly rows: (last: number, gaps: readonly number[]) => Promise<readonly R[]>;
  readonly onRow: (row: R) => void;
  /** Milliseconds between looks when nothing is announced. */
  readonly pauseMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reads what is added to a table: at once when it is announced, else by looking. A database that is away is asked again. */
export class TableReader<R extends TableRow> implements Subscription {
  readonly #options: TableReaderOptions<R>;
  readonly #closing = new AbortController();
  #cursor: IdCursor;
  #wake = new AbortController();
  #news = false;
  #ended: Promise<void> = Promise.resolve();
  #away = false;

  private constructor(options: TableReaderOptions<R>, start: number) {
    this.#options = options;
    this.#cursor = new IdCursor(options.clock, start);
  }

  /** Rejects when the table cannot be read. */
  static async open<R extends TableRow>(options: TableReaderOptions<R>): Promise<TableReader<R>> {
    const reader = new TableReader(options, await options.start());
    reader.#ended = reader.#run();
    return reader;
  }

  /** Told of every announcement. */
  announced(payload: string): void {
    if (payload !== this.#options.listensTo) return;
    this.#news = true;
    this.#wake.abort();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { clock, pauseMs } = this.#options;
    while (!this.#closing.signal.aborted) {
      this.#wake = new AbortController();
      if (!this.#news) await clock.sleep(pauseMs, this.#wake.signal).catch(() => undefined);
      if (this.#closing.signal.aborted) return;
      this.#news = false;
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    const { rows, onRow, logger } = this.#options;
    try {
      for (const row of await rows(this.#cursor.last, this.#cursor.gaps)) {
        this.#cursor.saw(Number(row.id));
        if (!this.#closing.signal.aborted) onRow(row);
      }
      this.#away = false;
    } catch (error) {
      if (!this.#away)
        logger.warn({ error: messageOf(error) }, 'commands and events are not read at present');
      this.#away = true;
    }
  }
}
