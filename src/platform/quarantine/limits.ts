import { hasCode } from '../../base/index.js';
import type { Database } from '../store/database.js';

const MAX_ROWS = 10_000;
const MAX_BYTES = 100 * 1024 * 1024;
const MAX_AGE = '30 days';
/** Messages put between two looks at the limits. */
const LOOK_EVERY = 200;

const TRIM = {
  name: 'workertoolbox-quarantine-trim',
  text: `WITH ranked AS (
    SELECT id, last_seen, row_number() OVER newest AS place, sum(octet_length(body)) OVER newest AS total
    FROM workertoolbox.quarantine WINDOW newest AS (ORDER BY last_seen DESC, id DESC)
  ), expired AS (
    DELETE FROM workertoolbox.quarantine WHERE last_seen < now() - interval '${MAX_AGE}'
  ), over AS (
    DELETE FROM workertoolbox.quarantine WHERE id IN
      (SELECT id FROM ranked WHERE (place > $1 OR total > $2) AND last_seen >= now() - interval '${MAX_AGE}') RETURNING count
  )
  UPDATE workertoolbox.quarantine_dropped SET count = quarantine_dropped.count + gone.sum, last = now()
  FROM (SELECT sum(count) FROM over HAVING count(*) > 0) gone`,
};

/** Keeps quarantine within its limits: the messages that were seen last stay, what is dropped is counted. */
export class QuarantineLimits {
  readonly #database: Database;
  readonly #most: readonly [rows: number, bytes: number];
  #added = 0;

  constructor(database: Database, rows = MAX_ROWS, bytes = MAX_BYTES) {
    this.#database = database;
    this.#most = [rows, bytes];
  }

  /** Told of messages put; looks now and then. */
  async added(count: number): Promise<void> {
    const first = this.#added === 0;
    this.#added += count;
    if (!first && this.#added < LOOK_EVERY) return;
    this.#added = 1;
    try {
      await this.trim();
    } catch (error) {
      // A worker's role may put, and not take away: others see to the limits.
      if (!hasCode(error, 'STORE_REFUSED')) throw error;
    }
  }

  async trim(): Promise<void> {
    await this.#database.query({ ...TRIM, values: [...this.#most] });
  }
}

/** How many messages the limits have cost so far. */
export async function droppedFromQuarantine(database: Database): Promise<number> {
  const [row] = await database.query<{ count: string }>({
    text: 'SELECT count FROM workertoolbox.quarantine_dropped',
  });
  return Number(row?.count ?? 0);
}
