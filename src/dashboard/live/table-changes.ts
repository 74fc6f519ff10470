import type { ChangeTopic, Database } from '../../platform/index.js';

/** What a change of a table lets the page look at again. */
const TOPICS: Readonly<Record<string, readonly ChangeTopic[]>> = {
  tasks_backgroundtask: ['tasks', 'overview'],
  celery_taskmeta: ['tasks', 'overview'],
  attempt: ['tasks', 'overview'],
  worker: ['workers', 'overview'],
  queue_sample: ['queues', 'overview'],
  paused_queue: ['queues'],
  quarantine: ['quarantine', 'overview'],
  bulk: ['bulk'],
};

const COUNTERS = {
  name: 'workertoolbox-table-changes',
  text: `SELECT relname AS name, n_tup_ins + n_tup_upd + n_tup_del AS changes FROM pg_stat_user_tables
    WHERE relname = ANY($1)`,
  values: [Object.keys(TOPICS)],
};

/**
 * Tells which topics changed since it was asked last, by PostgreSQL's own counters: whoever wrote, Python included, and at a
 * cost that does not grow with the tables. Counters are at most a second behind.
 */
export class TableChanges {
  readonly #database: Database;
  #last: ReadonlyMap<string, string> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async since(): Promise<readonly ChangeTopic[]> {
    const rows = await this.#database.query<{ name: string; changes: string }>(COUNTERS);
    const now = new Map(rows.map(({ name, changes }) => [name, changes]));
    const last = this.#last;
    this.#last = now;
    if (last === undefined) return [];
    const changed = [...now].filter(([name, changes]) => last.get(name) !== changes).map(([name]) => name);
    return [...new Set(changed.flatMap((name) => TOPICS[name] ?? []))];
  }
}
