import { READY_STATES } from '../../base/index.js';
import { likeLiteral } from '../queries/parameters.js';
import type { Database } from '../store/database.js';
import type { StoreShape } from '../store/store-shape.js';
import { UNLOCK } from '../tracking/family.js';

/** Which families go. */
export interface Due {
  /** Nothing of the family happened since: recorded, sent again, result stored. */
  readonly before: Date;
  /** Only families in one of these states: SUCCESS (all of it), FAILURE (any of it), REVOKED (the rest). Default: all three. */
  readonly states?: readonly string[];
  /** Only families whose first task has this name, or begins like it (`export.*`). */
  readonly type?: string;
}

export interface DueFamily {
  readonly rootId: string;
  readonly tasks: number;
  readonly results: number;
}

/** Where the walk through old tasks is, as PostgreSQL writes it: with microseconds. */
export interface Place {
  readonly at: string;
  readonly id: string;
}

export const START: Place = { at: '-infinity', id: '' };

const PAGE = 1000;
const OLD_TASKS = `SELECT created_date::text AS at, task_id AS id, root_id AS "rootId" FROM tasks_backgroundtask
  WHERE created_date < $1 AND (created_date, task_id) > ($2::timestamptz, $3) ORDER BY created_date, task_id LIMIT ${PAGE}`;

const COUNTED = `t.type <> '${UNLOCK}'`;
const ENDED = [...READY_STATES].map((state) => `'${state}'`).join(', ');

/** Families that live by their counts need not be looked at. */
const LIVING =
  'SELECT FROM workertoolbox.family_state s WHERE s.root_id = u.root_id AND s.total > s.succeeded + s.failed + s.revoked';

/**
 * `$1`: roots; `$2`: the limit; `$3`, `$4`: the place before the page, so that a family counts once, at its first member;
 * `$5`: states; `$6`: pattern of the name. Machinery (`celery.chord_unlock`) may never have a result, and counts by its age only.
 */
const familiesSql = (shape: StoreShape): string => `
SELECT f.root_id AS "rootId", m.tasks, m.results FROM (
  SELECT u.root_id FROM unnest($1::text[]) AS u (root_id)
  WHERE NOT EXISTS (SELECT FROM tasks_backgroundtask e WHERE e.root_id = u.root_id AND (e.created_date, e.task_id) <= ($3::timestamptz, $4))
    ${shape.states ? `AND NOT EXISTS (${LIVING})` : ''} OFFSET 0
) f CROSS JOIN LATERAL (
  SELECT count(*)::int AS tasks, count(r.task_id)::int AS results,
    max(GREATEST(t.created_date, t.last_updated, r.date_done${shape.zoned ? '' : " AT TIME ZONE 'UTC'"})) AS latest,
    COALESCE(bool_and(COALESCE(r.status IN (${ENDED}), false)) FILTER (WHERE ${COUNTED}), true) AS ended,
    CASE WHEN bool_or(r.status = 'FAILURE') FILTER (WHERE ${COUNTED}) THEN 'FAILURE'
      WHEN bool_or(r.status = 'REVOKED') FILTER (WHERE ${COUNTED}) THEN 'REVOKED' ELSE 'SUCCESS' END AS state,
    max(t.type) FILTER (WHERE t.task_id = f.root_id) AS type
  FROM tasks_backgroundtask t LEFT JOIN celery_taskmeta r ON r.task_id = t.task_id WHERE t.root_id = f.root_id
) m
WHERE m.ended AND m.latest < $2 AND ($5::text[] IS NULL OR m.state = ANY($5)) AND ($6::text IS NULL OR m.type LIKE $6)`;

const patternOf = (type: string): string =>
  type.endsWith('*') ? `${likeLiteral(type.slice(0, -1))}%` : likeLiteral(type);

/** Walks through old tasks, oldest first, and gives the families that may go, by pages; a page may have none. */
export async function* dueFamilies(
  database: Database,
  shape: StoreShape,
  { before, states, type }: Due,
): AsyncGenerator<readonly DueFamily[]> {
  const limit = before.toISOString();
  const text = familiesSql(shape);
  let place = START;
  for (;;) {
    const old = await database.query<Place & { readonly rootId: string }>({
      text: OLD_TASKS,
      values: [limit, place.at, place.id],
    });
    const last = old.at(-1);
    if (last === undefined) return;
    const roots = [...new Set(old.map(({ rootId }) => rootId))];
    const pattern = type === undefined ? null : patternOf(type);
    yield await database.query<DueFamily>({
      text,
      values: [roots, limit, place.at, place.id, states ?? null, pattern],
    });
    place = last;
  }
}
