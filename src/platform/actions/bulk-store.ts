import type { Database } from '../store/database.js';
import type { ActionItem, BulkRequest, BulkView } from '../views/index.js';
import type { Actor } from './actor.js';

export type BulkAction = BulkRequest['action'];

export interface BulkJob {
  readonly id: string;
  readonly action: BulkAction;
  readonly username: string;
  readonly per_second: number;
  readonly state: BulkView['state'];
  readonly stop: boolean;
}

const MOST_PROBLEMS = 100;

const INSERT = `
WITH fresh AS (
  INSERT INTO workertoolbox.bulk (id, action, username, role, filter, parameters, per_second)
  VALUES ($1, $2, $3, $4, $5::jsonb, '{}', $6) ON CONFLICT (id) DO NOTHING RETURNING id
), items AS (
  INSERT INTO workertoolbox.bulk_item (bulk, place, target)
  SELECT id, place, target FROM fresh, unnest($7::text[]) WITH ORDINALITY AS t(target, place)
)
INSERT INTO workertoolbox.audit (key, username, role, action, target, count, detail)
SELECT 'bulk ' || id, $3, $4, $2, 'all of a filter', cardinality($7::text[]), jsonb_build_object('bulk', id, 'filter', $5::jsonb)
FROM fresh`;

const VIEW = `SELECT b.id, b.action, b.username AS user, b.state, b.started, b.ended, b.stop, b.per_second, c.*
FROM workertoolbox.bulk b, LATERAL (
  SELECT count(*)::int AS total, count(*) FILTER (WHERE outcome = 'done')::int AS done,
    count(*) FILTER (WHERE outcome IN ('refused', 'skipped'))::int AS refused, count(*) FILTER (WHERE outcome = 'failed')::int AS failed
  FROM workertoolbox.bulk_item WHERE bulk = b.id
) c WHERE b.id = $1`;

const END = `
WITH ended AS (
  UPDATE workertoolbox.bulk SET state = $2, ended = now(), error = $3 WHERE id = $1 AND state = 'running' RETURNING id
), counted AS (
  SELECT jsonb_object_agg(coalesce(outcome, 'untouched'), n) AS counts
  FROM (SELECT outcome, count(*) AS n FROM workertoolbox.bulk_item WHERE bulk = $1 GROUP BY outcome) c
)
UPDATE workertoolbox.audit SET outcome = $2, detail = detail || jsonb_build_object('items', counts)
FROM ended, counted WHERE key = 'bulk ' || ended.id AND outcome = 'begun'`;

/** Where work on many items is written down: whoever comes after a program that ended goes on from here. */
export class BulkStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(id: string, request: BulkRequest, targets: readonly string[], who: Actor): Promise<void> {
    const { action, filter, perSecond } = request;
    await this.#database.query({
      text: INSERT,
      values: [id, action, who.user, who.role, JSON.stringify(filter), perSecond, targets],
    });
  }

  async view(id: string): Promise<BulkView | undefined> {
    type Row = Omit<BulkView, 'started' | 'ended' | 'problems'> & { started: Date; ended: Date | null };
    const [row] = await this.#database.query<Row & Record<string, unknown>>({ text: VIEW, values: [id] });
    if (row === undefined) return undefined;
    const problems = await this.#database.query<ActionItem & Record<string, unknown>>({
      text: `SELECT target AS id, outcome, message FROM workertoolbox.bulk_item
        WHERE bulk = $1 AND outcome <> 'done' ORDER BY place LIMIT ${MOST_PROBLEMS}`,
      values: [id],
    });
    const { user, action, state, total, done, refused, failed, started, ended } = row;
    return {
      id,
      action,
      user,
      state,
      total,
      done,
      refused,
      failed,
      started: started.toISOString(),
      ended: ended?.toISOString() ?? null,
      problems: [...problems],
    };
  }

  async job(id: string): Promise<BulkJob | undefined> {
    const [job] = await this.#database.query<BulkJob & Record<string, unknown>>({
      name: 'workertoolbox-bulk-job',
      text: 'SELECT id, action, username, per_second, state, stop FROM workertoolbox.bulk WHERE id = $1',
      values: [id],
    });
    return job;
  }

  async next(id: string, count: number): Promise<readonly string[]> {
    const rows = await this.#database.query<{ target: string }>({
      name: 'workertoolbox-bulk-next',
      text: 'SELECT target FROM workertoolbox.bulk_item WHERE bulk = $1 AND outcome IS NULL ORDER BY place LIMIT $2',
      values: [id, count],
    });
    return rows.map(({ target }) => target);
  }

  async told(id: string, items: readonly ActionItem[]): Promise<void> {
    await this.#database.query({
      name: 'workertoolbox-bulk-told',
      text: `UPDATE workertoolbox.bulk_item b SET outcome = t.outcome, message = t.message, new_id = t."newId"
        FROM jsonb_to_recordset($2::jsonb) AS t(id text, outcome text, message text, "newId" text)
        WHERE b.bulk = $1 AND b.target = t.id`,
      values: [id, JSON.stringify(items)],
    });
  }

  async stop(id: string): Promise<void> {
    await this.#database.query({
      text: 'UPDATE workertoolbox.bulk SET stop = true WHERE id = $1',
      values: [id],
    });
  }

  async end(id: string, state: BulkView['state'], error: string | null = null): Promise<void> {
    await this.#database.query({ text: END, values: [id, state, error] });
  }
}
