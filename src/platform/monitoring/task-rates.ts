import type { Database } from '../store/database.js';
import { bucketSql, type Histogram } from './histogram.js';

/** Periods of one table: short ones for the last hours, long ones for weeks. Seconds. */
export const SHORT_STEP = 10;
export const LONG_STEP = 300;

interface Group {
  readonly at: number;
  readonly name: string;
  readonly state: string;
  readonly run: number | null;
  readonly wait: number | null;
  readonly count: number;
}

/**
 * Tasks that ended in a span of time, by period, name, state and buckets of their times. A result without a task is counted too.
 * $1 and $2 are Unix seconds, $3 the period.
 */
const ended = (attempts: boolean): string => `
SELECT floor(extract(epoch FROM r.date_done) / $3)::float8 * $3 AS at, COALESCE(t.type, '') AS name, r.status AS state,
  ${attempts ? bucketSql('extract(epoch FROM a.ended - a.started)') : 'NULL::int'} AS run,
  ${attempts ? bucketSql('extract(epoch FROM a.started - t.created_date)') : 'NULL::int'} AS wait,
  count(*)::int AS count
FROM celery_taskmeta r
LEFT JOIN tasks_backgroundtask t ON t.task_id = r.task_id
${
  attempts
    ? `LEFT JOIN LATERAL (SELECT started, ended FROM workertoolbox.attempt a WHERE a.task_id = r.task_id
  ORDER BY started DESC LIMIT 1) a ON true`
    : ''
}
WHERE r.date_done >= to_timestamp($1) AND r.date_done < to_timestamp($2) AND r.status IN ('SUCCESS', 'FAILURE', 'REVOKED')
GROUP BY 1, 2, 3, 4, 5`;

const REPLACE = `
INSERT INTO workertoolbox.task_rate (step, at, name, state, ended, run, wait)
SELECT $2, to_timestamp(at), name, state, ended, run, wait
FROM jsonb_to_recordset($1::jsonb) AS s(at float8, name text, state text, ended int, run jsonb, wait jsonb)
ON CONFLICT (step, at, name, state) DO UPDATE SET ended = excluded.ended, run = excluded.run, wait = excluded.wait`;

/** Counts what ended in whole periods between two times (Unix seconds); counting again replaces what was counted before. */
export async function countEnded(
  database: Database,
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
): Promise<void> {
  const [table] = await database.query<{ there: boolean }>({
    text: `SELECT to_regclass('workertoolbox.attempt') IS NOT NULL AS there`,
  });
  const groups = await database.query<Group>({
    text: ended(table?.there === true),
    values: [Math.floor(from / step) * step, Math.floor(to / step) * step, step],
  });
  const rows = new Map<
    string,
    { at: number; name: string; state: string; ended: number; run: Counts; wait: Counts }
  >();
  for (const { at, name, state, run, wait, count } of groups) {
    const key = `${at} ${state} ${name}`;
    const row = rows.get(key) ?? { at, name, state, ended: 0, run: {}, wait: {} };
    row.ended += count;
    add(row.run, run, count);
    add(row.wait, wait, count);
    rows.set(key, row);
  }
  if (rows.size > 0)
    await database.query({ text: REPLACE, values: [JSON.stringify([...rows.values()]), step] });
}

type Counts = Record<string, number>;

function add(counts: Counts & Histogram, bucket: number | null, count: number): void {
  if (bucket !== null) counts[bucket] = (counts[bucket] ?? 0) + count;
}
