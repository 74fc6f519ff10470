import pg from 'pg';
import { maskUrl } from '../../base/index.js';
import type { ResultRecord, StoredFailure } from '../result-backend.js';

/** Whether this role has the table of runs and may write it. */
export const ATTEMPTS_USABLE = `
SELECT count(*) = 1 AS usable FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'workertoolbox' AND c.relname = 'attempt' AND has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')`;

const WRITE = {
  name: 'workertoolbox-attempts',
  text: `INSERT INTO workertoolbox.attempt AS known (task_id, started, ended, worker, queue, outcome, reason)
SELECT task_id, to_timestamp(started / 1000), to_timestamp(ended / 1000), worker, queue, outcome, reason
FROM jsonb_to_recordset($1::jsonb) AS a(task_id text, started float8, ended float8, worker text, queue text, outcome text, reason text)
ON CONFLICT (task_id, started) DO UPDATE SET ended = excluded.ended, outcome = excluded.outcome, reason = excluded.reason
WHERE excluded.ended IS NOT NULL`,
};

const MAX_REASON = 1000;

/** A run as the table takes it. */
export interface AttemptRow {
  readonly task_id: string;
  readonly started: number;
  readonly ended: number | null;
  readonly worker: string;
  readonly queue: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

export function attemptRow({ taskId, status, result, attempt }: ResultRecord): AttemptRow | undefined {
  if (attempt === undefined) return undefined;
  const { started, ended, worker, queue } = attempt;
  const outcome = ended === null ? null : status;
  const failed = outcome === 'FAILURE' || outcome === 'RETRY' || outcome === 'REVOKED';
  return {
    task_id: taskId,
    started,
    ended,
    worker,
    queue,
    outcome,
    reason: failed ? reasonOf(result) : null,
  };
}

function reasonOf(result: unknown): string | null {
  const { exc_type, exc_message } = (result ?? {}) as Partial<StoredFailure>;
  if (exc_type === undefined) return null;
  const [message] = exc_message ?? [];
  const text = typeof message === 'string' ? `${exc_type}: ${message}` : exc_type;
  return maskUrl(text.slice(0, MAX_REASON)).toWellFormed().replaceAll('\0', '\u2400');
}

/** The statement that writes runs down; undefined when there are none. Of a run that began and ended meanwhile its end says all. */
export function attemptsWrite(rows: readonly (AttemptRow | undefined)[]): pg.QueryConfig | undefined {
  const runs = new Map<string, AttemptRow>();
  for (const row of rows) if (row !== undefined) runs.set(`${row.started} ${row.task_id}`, row);
  return runs.size === 0 ? undefined : { ...WRITE, values: [JSON.stringify([...runs.values()])] };
}

/** The statements that let a worker's role write runs down. They fail before `migrate` has run. */
export function grantAttemptsSql(role: string): string {
  const to = pg.escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA workertoolbox TO ${to};`,
    `GRANT SELECT, INSERT, UPDATE ON workertoolbox.attempt TO ${to};`,
  ].join('\n');
}
