import { type Histogram, percentiles } from '../monitoring/histogram.js';
import { axisOf, sourceStep, throughputSeries, timeSeries } from '../monitoring/series.js';
import type { Database } from '../store/database.js';
import { storeShape } from '../store/store-shape.js';
import type { TypeDetail, TypeView, WindowName } from '../views/index.js';
import { ENDED } from './expressions.js';

/** What the app knows of a task of that name; undefined where it knows none. */
export type DefinitionOf = (
  name: string,
) => { readonly signature: string; readonly doc: string | null } | undefined;

interface TypeRow {
  readonly name: string;
  readonly total: number;
  readonly failed: number;
  readonly run: Histogram | null;
  readonly wait: Histogram | null;
}

const summed = (what: 'run' | 'wait'): string =>
  `(SELECT jsonb_object_agg(key, n) FROM (SELECT b.key, sum(b.value::int) AS n FROM ended e, jsonb_each_text(e.${what}) b
    WHERE e.name = names.name GROUP BY b.key) buckets) AS ${what}`;

const TYPES = `WITH ended AS MATERIALIZED (
  SELECT name, state, ended, run, wait FROM workertoolbox.task_rate
  WHERE step = $1 AND at >= to_timestamp($2) AND name <> '' AND ($3::text IS NULL OR name = $3)
)
SELECT name, total, failed, ${summed('run')}, ${summed('wait')} FROM (
  SELECT name, sum(ended)::int AS total, COALESCE(sum(ended) FILTER (WHERE state = 'FAILURE'), 0)::int AS failed
  FROM ended GROUP BY name) names
ORDER BY failed DESC, total DESC, name LIMIT 1000`;

/** Times and failures of every name of which tasks ended within the window, most failures first. */
export async function typeViews(
  database: Database,
  window: WindowName,
  nowMs: number,
  definitionOf?: DefinitionOf,
): Promise<TypeView[]> {
  return (await typesOf(database, window, nowMs, null)).map((row) => viewOf(row, definitionOf));
}

/** One name with its slowest tasks and its course; undefined when no task of it was ever recorded. */
export async function typeDetail(
  database: Database,
  name: string,
  window: WindowName,
  nowMs: number,
  definitionOf?: DefinitionOf,
): Promise<TypeDetail | undefined> {
  const axis = axisOf(window, nowMs);
  const [known] = await database.query({
    text: 'SELECT 1 FROM tasks_backgroundtask WHERE type COLLATE "C" = $1 LIMIT 1',
    values: [name],
  });
  if (known === undefined && definitionOf?.(name) === undefined) return undefined;
  const [rows, slowest, throughput, running] = await Promise.all([
    typesOf(database, window, nowMs, name),
    slowestOf(database, name, axis.from),
    throughputSeries(database, axis, name),
    timeSeries(database, axis, 'run', name),
  ]);
  const row = rows[0] ?? { name, total: 0, failed: 0, run: null, wait: null };
  return { ...viewOf(row, definitionOf), slowest, throughput, running };
}

function typesOf(
  database: Database,
  window: WindowName,
  nowMs: number,
  name: string | null,
): Promise<readonly TypeRow[]> {
  const axis = axisOf(window, nowMs);
  return database.query<TypeRow>({ text: TYPES, values: [sourceStep(axis), axis.from, name] });
}

function viewOf({ name, total, failed, run, wait }: TypeRow, definitionOf?: DefinitionOf): TypeView {
  const definition = definitionOf?.(name);
  return {
    name,
    total,
    failed,
    failureShare: total === 0 ? 0 : failed / total,
    run: percentiles(run ?? {}),
    wait: percentiles(wait ?? {}),
    signature: definition?.signature ?? null,
    doc: definition?.doc ?? null,
  };
}

/** The ten tasks that ran longest, of the last ten thousand of that name within the window. */
async function slowestOf(database: Database, name: string, from: number): Promise<TypeDetail['slowest']> {
  const { attempts } = await storeShape(database);
  if (!attempts) return [];
  const rows = await database.query<TypeDetail['slowest'][number]>({
    text: `SELECT id, "runMs", worker FROM (
      SELECT t.task_id AS id, extract(epoch FROM a.ended - a.started)::float8 * 1000 AS "runMs", a.worker
      FROM (SELECT task_id FROM tasks_backgroundtask WHERE type COLLATE "C" = $1 AND created_date >= to_timestamp($2)
        ORDER BY created_date DESC LIMIT 10000) t JOIN workertoolbox.attempt a ON a.task_id = t.task_id AND a.${ENDED}) runs
      ORDER BY "runMs" DESC LIMIT 10`,
    values: [name, from],
  });
  return [...rows];
}
