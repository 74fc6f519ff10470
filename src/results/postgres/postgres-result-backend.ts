import { ToolboxError } from '../../base/index.js';
import { connectionSettings } from '../../postgres/index.js';
import type { ChordStore } from '../chord-store.js';
import type {
  GroupMeta,
  ResultBackend,
  ResultBackendCapabilities,
  ResultBackendContext,
  ResultRecord,
  TaskMeta,
  WatchOptions,
} from '../result-backend.js';
import { retryPolicy } from '../retry-policy.js';
import { type StoredFormat, storedFormat } from '../stored-value.js';
import { ResultReader } from './result-reader.js';
import { ResultWriter } from './result-writer.js';
import { TableInUse } from './table-in-use.js';
import { tableNames } from './table-names.js';
import { translated } from './translated.js';

/**
 * Seconds a store is tried for when the database is away: lost connections and deadlocks pass unnoticed. Longer outages
 * are the worker's matter, which stops fetching meanwhile and writes nothing for a lease it has lost.
 */
const STORE_RETRY_SECONDS = 3;

/**
 * Results in the table that Celery's database backend (SQLAlchemy) or Django made, over a role that needs no more than
 * SELECT, INSERT and UPDATE on it. Never changes the schema. One connection writes, another reads and listens; each is
 * opened when first used.
 *
 * Options: `result_extended`, `result_serializer` (of the columns beside our results, which are pickles, and of what Python stored),
 * `database_table_schemas` and `database_table_names` as Celery has them, and
 * `store_retry_seconds` (default 3) in `result_backend_transport_options`.
 */
export class PostgresResultBackend implements ResultBackend {
  readonly url: string;
  readonly #reader: ResultReader;
  readonly #writer: ResultWriter;
  readonly #format: Promise<StoredFormat>;
  #children = false;
  #attempts = false;

  /** Throws CONFIG_INVALID when the URL is none of PostgreSQL. */
  constructor({ url, options, logger, clock }: ResultBackendContext) {
    const settings = connectionSettings(url, 'result_backend');
    const names = tableNames(options);
    const table = new TableInUse(names.task);
    const transport = options.result_backend_transport_options as Record<string, unknown> | null | undefined;
    const budgetMs = Number(transport?.store_retry_seconds ?? STORE_RETRY_SECONDS) * 1000;
    const extended = options.result_extended === true;
    const format = storedFormat(options.result_serializer);
    // Told by `connect`.
    format.catch(() => {});
    this.#format = format;
    this.url = settings.shown;
    this.#reader = new ResultReader({
      settings,
      table,
      groups: names.group,
      format,
      policy: retryPolicy(options),
      logger,
      clock,
    });
    this.#writer = new ResultWriter({ settings, table, extended, format, budgetMs, logger, clock });
  }

  /** Known once connected: whether the table has the column `children`, and the database a table of runs for this role. */
  get capabilities(): ResultBackendCapabilities {
    return { notifies: true, children: this.#children, attempts: this.#attempts };
  }

  get chords(): ChordStore {
    return this.#reader.chords;
  }

  async connect(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.#format;
    try {
      const shape = await unlessAborted(this.#reader.connect(), signal);
      this.#children = shape.columns.has('children');
      this.#attempts = await this.#reader.keepsAttempts();
    } catch (error) {
      throw translated(error, 'find the result table', this.url);
    }
  }

  store(record: ResultRecord): Promise<void> {
    return this.#writer.store(record);
  }

  get(taskIds: readonly string[]): Promise<readonly TaskMeta[]> {
    return this.#reader.get(taskIds);
  }

  watch(taskIds: readonly string[], { signal }: WatchOptions): AsyncIterable<readonly string[]> {
    return this.#reader.watch(taskIds, signal);
  }

  forget(taskId: string): Promise<void> {
    return this.#reader.forget(taskId);
  }

  /** Reads the whole table unless it has an index of these rows. */
  started(): Promise<readonly string[]> {
    return this.#reader.started();
  }

  saveGroup(group: GroupMeta): Promise<void> {
    return this.#reader.saveGroup(group);
  }

  getGroup(groupId: string): Promise<GroupMeta | undefined> {
    return this.#reader.getGroup(groupId);
  }

  deleteGroup(groupId: string): Promise<void> {
    return this.#reader.deleteGroup(groupId);
  }

  /** Needs the right to DELETE, which a worker's role need not have. */
  cleanup(before: Date): Promise<number> {
    return this.#reader.cleanup(before);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#reader.close();
  }
}

/** Rejects with the signal's reason when that comes first; the connection attempt has its own time limit. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(
        new ToolboxError('ABORTED', 'Connecting to the result backend was aborted', { cause: signal.reason }),
      );
    signal.addEventListener('abort', onAbort, { once: true });
  });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
