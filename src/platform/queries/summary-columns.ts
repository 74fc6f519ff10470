import { DUE, type Expressions, IS_RESULT, QUEUE, RETRIES } from './expressions.js';

/** Arguments larger than this as stored are not read for a list. */
const LARGEST_INPUT = 65_536;
/** Characters of JSON that are enough to show two hundred. */
const SHOWN_INPUT = 1000;
/** Results larger than this are not read for the name of an exception. */
const LARGEST_FAILURE = 65_536;

const ms = (moment: string): string => `(extract(epoch FROM ${moment})::float8 * 1000)`;
const input = (side: 'args' | 'kwargs'): string =>
  `CASE WHEN pg_column_size(t.input) < ${LARGEST_INPUT} THEN left((t.input->'${side}')::text, ${SHOWN_INPUT}) END`;

/** What a line of the list is made of. `a` is the last attempt, where there are attempts. */
export function summaryColumns(sql: Expressions): string {
  const { shape } = sql;
  const own = (column: string): string => (shape.resultColumns.has(column) ? `r.${column}` : 'NULL::text');
  const attempt = (column: string, otherwise: string): string => (shape.attempts ? `a.${column}` : otherwise);
  const started = attempt('started', 'NULL::timestamptz');
  const ended = attempt('ended', 'NULL::timestamptz');
  return `t.task_id AS id, t.type AS name, ${sql.state} AS state, ${sql.phase} AS phase,
  ${ms('t.created_date')} AS created, ${ms(DUE)} AS eta, ${ms(started)} AS started, ${ms(ended)} AS ended, ${ms(sql.done)} AS stored,
  ${RETRIES} AS retries, COALESCE(${own('queue')}, ${attempt('queue', 'NULL::text')}, ${QUEUE}) AS queue,
  COALESCE(${attempt('worker', 'NULL::text')}, ${own('worker')}) AS worker,
  t.parent_id AS "parentId", t.root_id AS "rootId", t.creator_id AS "creatorId", t.related_object_id AS "relatedObjectId",
  ${IS_RESULT} AS "isResult", ${input('args')} AS args, ${input('kwargs')} AS kwargs,
  CASE WHEN r.status IN ('FAILURE', 'RETRY', 'REVOKED', 'STARTED') AND octet_length(r.result) < ${LARGEST_FAILURE} THEN r.result END AS result,
  ${sql.orphan} AS orphan, ${sql.stuck(`COALESCE(${started}, ${sql.done}, t.created_date)`)} AS stuck,
  ${sql.untracked} AS untracked,
  ${shape.quarantine ? 'EXISTS (SELECT 1 FROM workertoolbox.quarantine z WHERE z.task_id = t.task_id)' : 'false'} AS quarantined`;
}

/** The last attempt of a task; nothing where there are none. */
export const lastAttempt = (sql: Expressions): string =>
  sql.shape.attempts
    ? `LEFT JOIN LATERAL (SELECT worker, queue, started, ended FROM workertoolbox.attempt b
    WHERE b.task_id = t.task_id ORDER BY b.started DESC LIMIT 1) a ON true`
    : '';

export interface SummaryRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly phase: string;
  readonly created: number;
  readonly eta: number | null;
  readonly started: number | null;
  readonly ended: number | null;
  readonly stored: number | null;
  readonly retries: number;
  readonly queue: string | null;
  readonly worker: string | null;
  readonly parentId: string | null;
  readonly rootId: string;
  readonly creatorId: number | null;
  readonly relatedObjectId: string | null;
  readonly isResult: boolean;
  readonly args: string | null;
  readonly kwargs: string | null;
  readonly result: Uint8Array | string | null;
  readonly orphan: boolean;
  readonly stuck: boolean;
  readonly untracked: boolean;
  readonly quarantined: boolean;
}
