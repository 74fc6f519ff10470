import type { Database } from '../store/database.js';
import { type Series, WINDOWS, type WindowName } from '../views/index.js';
import { type Histogram, percentiles } from './histogram.js';
import { LONG_STEP, SHORT_STEP } from './task-rates.js';

/** Seconds between two points of a plot, by its window: some 60 to 170 points each. */
const STEPS: Readonly<Record<WindowName, number>> = {
  '15m': 10,
  '1h': 60,
  '6h': 300,
  '24h': 900,
  '7d': 3600,
};

/** The axis of a window: points of time, oldest first, the period that is not over left out. */
export interface Axis {
  readonly stepSeconds: number;
  readonly from: number;
  readonly points: readonly number[];
}

export function axisOf(window: WindowName, nowMs: number): Axis {
  const step = STEPS[window];
  const end = Math.floor(nowMs / 1000 / step) * step;
  const count = WINDOWS[window] / step;
  const points = Array.from({ length: count }, (_, index) => end - (count - index) * step);
  return { stepSeconds: step, from: end - count * step, points };
}

/** Lines from rows of (time, line, value). */
function seriesOf(
  axis: Axis,
  rows: readonly { readonly at: number; readonly line: string; readonly value: number | null }[],
  { lines, missing }: { readonly lines: readonly string[]; readonly missing: number | null },
): Series {
  const values = new Map(lines.map((line) => [line, new Map<number, number | null>()]));
  for (const { at, line, value } of rows) values.get(line)?.set(at, value);
  return {
    stepSeconds: axis.stepSeconds,
    at: axis.points.map((at) => new Date(at * 1000).toISOString()),
    lines: lines.map((name) => ({
      name,
      values: axis.points.map((at) => values.get(name)?.get(at) ?? missing),
    })),
  };
}

/** Seconds of the periods that a window is counted from. */
export const sourceStep = (axis: Axis): number => (axis.stepSeconds >= LONG_STEP ? LONG_STEP : SHORT_STEP);
const TASK = `($4::text IS NULL OR name = $4)`;
const PERIOD = `floor(extract(epoch FROM at) / $1)::float8 * $1`;

/** Tasks that ended, each second, by outcome; of one name where one is given. */
export async function throughputSeries(
  database: Database,
  axis: Axis,
  task: string | null = null,
): Promise<Series> {
  const rows = await database.query<{ at: number; line: string; value: number }>({
    text: `SELECT ${PERIOD} AS at, state AS line, sum(ended)::float8 / $1 AS value FROM workertoolbox.task_rate
      WHERE step = $2 AND at >= to_timestamp($3) AND ${TASK} GROUP BY 1, 2`,
    values: [axis.stepSeconds, sourceStep(axis), axis.from, task],
  });
  return seriesOf(axis, rows, { lines: ['SUCCESS', 'FAILURE', 'REVOKED'], missing: 0 });
}

/** Percentiles of the seconds that tasks ran or waited. */
export async function timeSeries(
  database: Database,
  axis: Axis,
  what: 'run' | 'wait',
  task: string | null = null,
): Promise<Series> {
  const rows = await database.query<{ at: number; counts: Histogram }>({
    text: `SELECT at, jsonb_object_agg(bucket, count) AS counts FROM (
        SELECT ${PERIOD} AS at, b.key AS bucket, sum(b.value::int) AS count
        FROM workertoolbox.task_rate, jsonb_each_text(${what}) b
        WHERE step = $2 AND at >= to_timestamp($3) AND ${TASK} GROUP BY 1, 2) buckets GROUP BY 1`,
    values: [axis.stepSeconds, sourceStep(axis), axis.from, task],
  });
  const lines = ['p50', 'p95', 'p99'] as const;
  return seriesOf(
    axis,
    rows.flatMap(({ at, counts }) => {
      const found = percentiles(counts);
      return lines.map((line) => ({ at, line, value: found?.[line] ?? null }));
    }),
    { lines, missing: null },
  );
}

/** Messages waiting, by queue. */
export async function depthSeries(
  database: Database,
  axis: Axis,
  queue: string | null = null,
): Promise<Series> {
  const rows = await database.query<{ at: number; line: string; value: number | null }>({
    text: `SELECT ${PERIOD} AS at, queue AS line, max(waiting)::float8 AS value FROM workertoolbox.queue_sample
      WHERE at >= to_timestamp($2) AND ($3::text IS NULL OR queue = $3) GROUP BY 1, 2 ORDER BY 2`,
    values: [axis.stepSeconds, axis.from, queue],
  });
  const lines = [...new Set(rows.map(({ line }) => line))];
  return seriesOf(axis, rows, { lines, missing: null });
}
