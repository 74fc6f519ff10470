import type { Database } from '../store/database.js';
import { type StoreShape, storeShape } from '../store/store-shape.js';
import { type Count, PHASES, type Phase, type TaskCounts, type TaskFilter } from '../views/index.js';
import { Expressions } from './expressions.js';
import { filterConditions } from './filter-conditions.js';
import { Parameters } from './parameters.js';
import { type QuestionOptions, questionOf } from './question.js';

/** Up to here rows are counted; beyond, the planner is asked. */
const EXACT = 10_000;

/**
 * Counts without ever reading more than 10,000 rows for a figure: what is more is an estimate of the planner's statistics.
 *
 * @throws TASK_ARGUMENTS for a search that cannot be read
 */
export async function countTasks(
  database: Database,
  filter: TaskFilter,
  options: QuestionOptions = {},
): Promise<TaskCounts> {
  const shape = await storeShape(database);
  const ask = { database, shape, filter, options };
  const few = (await estimateAll(ask)) > MANY ? undefined : await countAll(ask);
  if (few !== undefined) return few;
  const entries = await Promise.all(
    PHASES.map(async (phase) => [phase, await countPhase(ask, phase)] as const),
  );
  const phases = Object.fromEntries(entries) as Record<Phase, Count>;
  const known = entries.reduce((sum, [, { value }]) => sum + value, 0);
  return { phases, total: { value: Math.max(known, EXACT + 1), exact: false } };
}

interface Ask {
  readonly database: Database;
  readonly shape: StoreShape;
  readonly filter: TaskFilter;
  readonly options: QuestionOptions;
}

async function estimateAll({ database, shape, filter, options }: Ask): Promise<number> {
  const parameters = new Parameters();
  const sql = new Expressions(database, shape, questionOf(options), parameters);
  const { conditions } = await filterConditions(filter, sql);
  return estimateOf(database, `SELECT 1 FROM ${sql.from} ${whereOf(conditions)}`, parameters.values);
}

/** All phases in one statement; undefined when there are more tasks than are counted. */
async function countAll({ database, shape, filter, options }: Ask): Promise<TaskCounts | undefined> {
  const parameters = new Parameters();
  const sql = new Expressions(database, shape, questionOf(options), parameters);
  const { conditions } = await filterConditions(filter, sql);
  const rows = await database.query<{ phase: Phase; count: number }>({
    text: `SELECT phase, count(*)::int AS count FROM (SELECT ${sql.phase} AS phase FROM ${sql.from} ${whereOf(conditions)} LIMIT ${EXACT + 1}) counted GROUP BY phase`,
    values: parameters.values,
  });
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  if (total > EXACT) return undefined;
  const counts = new Map(rows.map(({ phase, count }) => [phase, count]));
  const phases = Object.fromEntries(
    PHASES.map((phase) => [phase, { value: counts.get(phase) ?? 0, exact: true }]),
  ) as Record<Phase, Count>;
  return { phases, total: { value: total, exact: true } };
}

/** How many tasks a filter finds, as `countTasks` does it, without telling their phases. */
export async function countMatching(
  database: Database,
  filter: TaskFilter,
  options: QuestionOptions = {},
): Promise<Count> {
  return countPhase({ database, shape: await storeShape(database), filter, options });
}

async function countPhase({ database, shape, filter, options }: Ask, phase?: Phase): Promise<Count> {
  const parameters = new Parameters();
  const sql = new Expressions(database, shape, questionOf(options), parameters);
  const { conditions } = await filterConditions(filter, sql);
  const all = phase === undefined ? conditions : [...conditions, sql.inPhase(phase)];
  const from = `FROM ${sql.from} ${whereOf(all)}`;
  const values = parameters.values;
  // Counting the many would read ten thousand rows to learn that there are more.
  const estimate = await estimateOf(database, `SELECT 1 ${from}`, values);
  if (estimate > MANY) return { value: estimate, exact: false };
  const [row] = await database.query<{ count: number }>({
    text: `SELECT count(*)::int AS count FROM (SELECT 1 ${from} LIMIT ${EXACT + 1}) counted`,
    values,
  });
  const count = row?.count ?? 0;
  return count > EXACT ? { value: Math.max(estimate, count), exact: false } : { value: count, exact: true };
}

/** An estimate above this is believed: the planner is off by some per cent, not by five times. */
const MANY = 5 * EXACT;

const whereOf = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;

async function estimateOf(database: Database, text: string, values: unknown[]): Promise<number> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }>({
    text: `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  });
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
