import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Logger, messageOf, ToolboxError, takeLock } from '../../../base/index.js';
import { SqsError } from '../errors.js';
import { AppendFile } from './append-file.js';
import { Image } from './image.js';
import { formatLine } from './line-format.js';
import type { Log, LogRecord } from './log-record.js';
import { readJournal } from './read-journal.js';

/**
 * write: a call is answered once the system has its records: they survive the death of the process by any signal,
 * not a power cut. fsync: it is answered once the disk has them.
 */
export type Durability = 'write' | 'fsync';

export interface JournalOptions {
  readonly folder: string;
  readonly durability: Durability;
  readonly logger: Logger;
}

const FILE = 'journal.log';
const NEW_FILE = 'journal.new';
const COMPACT_FROM_BYTES = 16 << 20;
const COMPACT_FACTOR = 3;
const RECORDS_PER_TURN = 1000;

/**
 * The durable log of a server: one file that is appended to, and rewritten when most of it is past. What one turn of
 * the event loop appends, by however many calls, is written at its end in one go.
 */
export class Journal implements Log {
  readonly #options: JournalOptions;
  readonly #unlock: () => void;
  #file: AppendFile;
  #pending: string[] = [];
  #flushing: Promise<void> | undefined;
  /** While a new file is written: what was appended since, which the new file must get as well. */
  #tail: string[] | undefined;
  #compacting: Promise<void> | undefined;
  #stuck = false;

  private constructor(options: JournalOptions, unlock: () => void, file: AppendFile) {
    this.#options = options;
    this.#unlock = unlock;
    this.#file = file;
  }

  /**
   * Opens the journal of a folder, which is made when there is none, and reads it.
   * @throws ToolboxError EMBEDDED_FAILED when another process has the folder, or the journal is damaged
   */
  static open(options: JournalOptions): { journal: Journal; image: Image } {
    const { folder, logger } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const unlock = takeLock(join(folder, 'lock'), (holder) => inUse(folder, holder));
    try {
      rmSync(join(folder, NEW_FILE), { force: true });
      const path = join(folder, FILE);
      const image = new Image();
      const size = existsSync(path) ? readJournal(path, (record, bytes) => image.apply(record, bytes)) : 0;
      const journal = new Journal(options, unlock, new AppendFile(path, size));
      if (size === 0) journal.append(['format', 1]);
      else logger.debug({ path, bytes: size }, 'journal read');
      return { journal, image };
    } catch (error) {
      unlock();
      throw error;
    }
  }

  append(record: LogRecord): number {
    const line = formatLine(record);
    this.#pending.push(line);
    this.#tail?.push(line);
    return Buffer.byteLength(line);
  }

  /** Resolves when everything appended so far is safe. @throws SqsError InternalError when it cannot be written */
  flushed(): Promise<void> {
    if (this.#pending.length === 0 && this.#flushing === undefined) return Promise.resolve();
    this.#flushing ??= this.#flushSoon();
    return this.#flushing;
  }

  /**
   * Refuses work while the disk does. What could not be written is kept, in order, and tried again here: memory and
   * journal never part, and the backlog cannot grow.
   * @throws SqsError ServiceUnavailable
   */
  async ready(): Promise<void> {
    if (!this.#stuck) return;
    try {
      await this.flushed();
    } catch (error) {
      throw new SqsError('ServiceUnavailable', `The data folder cannot be written: ${messageOf(error)}`);
    }
  }

  /** Rewrites the file when most of it is past; `liveBytes` tells how much is still of use. Returns at once. */
  compactIfPast(liveBytes: () => number, records: () => Iterable<LogRecord>): void {
    if (this.#compacting !== undefined || this.#file.size < COMPACT_FROM_BYTES) return;
    if (this.#file.size < COMPACT_FACTOR * liveBytes()) return;
    void this.compact(records).catch((error: unknown) => {
      this.#options.logger.warn(
        { error: messageOf(error) },
        'journal could not be compacted, it keeps growing',
      );
    });
  }

  /** Writes the state into a new file, a piece each turn, and puts it in the place of the old one. */
  compact(records: () => Iterable<LogRecord>): Promise<void> {
    this.#compacting ??= this.#rewrite(records).finally(() => {
      this.#compacting = undefined;
      this.#tail = undefined;
    });
    return this.#compacting;
  }

  async close(): Promise<void> {
    await this.#compacting?.catch(() => {});
    try {
      await this.flushed();
    } finally {
      await this.#file.close();
      this.#unlock();
    }
  }

  async #flushSoon(): Promise<void> {
    await nextTurn();
    this.#flushing = undefined;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    try {
      if (this.#pending.length > 0) this.#file.write(this.#pending.join(''));
      this.#pending = [];
      this.#stuck = false;
      if (this.#options.durability === 'fsync') await this.#file.sync();
    } catch (error) {
      this.#stuck = true;
      throw new SqsError('InternalFailure', `The data folder cannot be written: ${messageOf(error)}`);
    }
  }

  async #rewrite(records: () => Iterable<LogRecord>): Promise<void> {
    const { folder } = this.#options;
    const file = new AppendFile(join(folder, NEW_FILE), 0);
    try {
      this.#tail = [];
      file.write(formatLine(['format', 1]));
      let lines: string[] = [];
      for (const record of records()) {
        lines.push(formatLine(record));
        if (lines.length < RECORDS_PER_TURN) continue;
        file.write(lines.join(''));
        lines = [];
        await nextTurn();
      }
      file.write(lines.join(''));
      await file.sync();
      // From here to the end nothing is awaited: no record can fall between the two files.
      if (this.#pending.length > 0) this.#file.write(this.#pending.join(''));
      this.#pending = [];
      file.write(this.#tail.join(''));
      if (this.#options.durability === 'fsync') file.syncNow();
      renameSync(file.path, join(folder, FILE));
    } catch (error) {
      await file.close();
      rmSync(file.path, { force: true });
      throw error;
    }
    const old = this.#file;
    this.#file = file;
    await old.close();
  }
}

const inUse = (folder: string, holder: number | undefined): ToolboxError =>
  new ToolboxError(
    'EMBEDDED_FAILED',
    holder === undefined
      ? `The data folder ${folder} cannot be locked: others keep taking its lock.`
      : `The data folder ${folder} is in use by process ${holder}. Stop that process, or use another folder.`,
    { fields: { folder, pid: holder } },
  );
