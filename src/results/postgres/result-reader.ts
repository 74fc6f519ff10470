import type pg from 'pg';
import { type Clock, type Logger, messageOf } from '../../base/index.js';
import { type ConnectionSettings, Session, verdictOf } from '../../postgres/index.js';
import type { GroupMeta, TaskMeta } from '../result-backend.js';
import type { RetryPolicy } from '../retry-policy.js';
import { encodeGroup } from '../stored-group.js';
import type { StoredFormat } from '../stored-value.js';
import { ATTEMPTS_USABLE } from './attempt-rows.js';
import { ChordRows } from './chord-rows.js';
import { removeOlder } from './cleanup.js';
import { GroupRows } from './group-rows.js';
import { metasFrom, metasQuery } from './read-metas.js';
import { retried } from './retried.js';
import { statementName } from './statement-name.js';
import { RESULT_DATABASE, type TableInUse } from './table-in-use.js';
import type { TableName } from './table-names.js';
import type { TableShape } from './table-shape.js';
import { CHANNEL, Watcher } from './watcher.js';

export interface ResultReaderOptions {
  readonly settings: ConnectionSettings;
  readonly table: TableInUse;
  readonly groups: TableName;
  readonly format: Promise<StoredFormat>;
  readonly policy: RetryPolicy;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Listening goes on for so long (ms) when nobody waits: callers often wait for one result after the other. */
const LISTEN_ON_MS = 5000;

/** Reads, watches and removes results over a connection of its own. */
export class ResultReader {
  readonly #options: ResultReaderOptions;
  readonly #session: Session;
  readonly #watcher: Watcher;
  readonly #groups: GroupRows;
  readonly chords: ChordRows;

  constructor(options: ResultReaderOptions) {
    this.#options = options;
    this.#watcher = new Watcher({
      ...options,
      versions: (taskIds) => this.#versions(taskIds),
      onFirst: () => this.#send(`LISTEN ${CHANNEL}`, () => this.#watcher.lookNow()),
      onLast: () =>
        void options.clock.after(LISTEN_ON_MS, () => {
          if (!this.#watcher.active) this.#send(`UNLISTEN ${CHANNEL}`);
        }),
    });
    this.#session = new Session({
      ...options,
      what: RESULT_DATABASE,
      preamble: () => (this.#watcher.active ? `LISTEN ${CHANNEL}` : ''),
      onOpen: () => this.#watcher.lookNow(),
      onNotification: (payload) => this.#watcher.announced(payload),
    });
    this.#groups = new GroupRows(this.#session, options.groups);
    this.chords = new ChordRows(this.#session, options.clock, (what, run) => this.#patiently(what, run));
  }

  /** Whether runs may be written down. */
  async keepsAttempts(): Promise<boolean> {
    const { rows } = await this.#session.query<{ usable: boolean }>({ text: ATTEMPTS_USABLE });
    return rows[0]?.usable === true;
  }

  /** One attempt to reach the database and to find the table. */
  connect(): Promise<TableShape> {
    return this.#options.table.shape(this.#session);
  }

  get(taskIds: readonly string[]): Promise<readonly TaskMeta[]> {
    if (taskIds.length === 0) return Promise.resolve([]);
    return this.#patiently(`read the results of ${taskIds.length} tasks`, async (shape) => {
      const { rows } = await this.#session.query(metasQuery(shape, [...new Set(taskIds)]));
      const { decode } = await this.#options.format;
      return metasFrom(rows, taskIds, decode);
    });
  }

  watch(taskIds: readonly string[], signal: AbortSignal): AsyncIterable<readonly string[]> {
    return this.#watcher.watch(taskIds, signal);
  }

  async forget(taskId: string): Promise<void> {
    await this.#patiently(`remove the result of task ${taskId}`, ({ table }) =>
      this.#session.query({ text: `DELETE FROM ${table.quoted} WHERE task_id = $1`, values: [taskId] }),
    );
  }

  started(): Promise<readonly string[]> {
    return this.#patiently('look for tasks that were begun', async ({ table }) => {
      const text = `SELECT task_id FROM ${table.quoted} WHERE status = 'STARTED'`;
      const { rows } = await this.#session.query<{ task_id: string } & pg.QueryResultRow>({ text });
      return rows.map((row) => row.task_id);
    });
  }

  cleanup(before: Date): Promise<number> {
    return this.#patiently('remove old results', async (shape) => {
      const results = await removeOlder(this.#session, shape, before);
      await this.chords.removeOlder(before);
      return results + (await this.#groups.removeOlder(before));
    });
  }

  async saveGroup(group: GroupMeta): Promise<void> {
    const encoded = encodeGroup(group);
    await this.#patiently(`save group ${group.groupId}`, () =>
      this.#groups.save(group.groupId, encoded, this.#options.clock.now()),
    );
  }

  getGroup(groupId: string): Promise<GroupMeta | undefined> {
    return this.#patiently(`read group ${groupId}`, () => this.#groups.get(groupId));
  }

  deleteGroup(groupId: string): Promise<void> {
    return this.#patiently(`delete group ${groupId}`, () => this.#groups.delete(groupId));
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #patiently<T>(what: string, run: (shape: TableShape) => Promise<T>): Promise<T> {
    const { table, clock, settings, policy } = this.#options;
    const once = async (): Promise<T> => {
      try {
        return await run(await table.shape(this.#session));
      } catch (error) {
        if (verdictOf(error) === 'refused') table.lookAgain();
        throw error;
      }
    };
    return retried(once, { what, clock, policy, shown: settings.shown });
  }

  /** What changes with every update of a row is the number of the transaction that wrote it. */
  async #versions(taskIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { table } = await this.#options.table.shape(this.#session);
    const text = `SELECT task_id, xmin::text AS version FROM ${table.quoted} WHERE task_id = ANY ($1::text[])`;
    const { rows } = await this.#session.query<{ task_id: string; version: string } & pg.QueryResultRow>({
      name: statementName('versions', text),
      text,
      values: [taskIds],
    });
    return new Map(rows.map((row) => [row.task_id, row.version]));
  }

  #send(text: string, then: () => void = () => undefined): void {
    this.#session.query({ text }).then(then, (error: unknown) => {
      this.#options.logger.debug({ error: messageOf(error) }, text);
    });
  }
}
