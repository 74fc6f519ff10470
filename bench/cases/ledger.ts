import pg from 'pg';
import { silentLogger } from '../../src/base/index.js';
import {
  countTasks,
  type Database,
  familyView,
  listTasks,
  migrationsSql,
  overallStatus,
  postgresDatabase,
  seedTasks,
} from '../../src/platform/index.js';
import { type TaskListQuery, taskListQuery } from '../../src/platform/views/index.js';
import { resultSchemaSql } from '../../src/results/postgres/index.js';
import type { Figures, RunContext } from '../harness/bench-case.js';
import { benchCase } from '../harness/measure.js';

const TASKS = 1_000_000;
const RUNS = 20;

/** One for each thing the task list can be asked. */
const LISTS: Readonly<Record<string, Partial<Record<keyof TaskListQuery, string>>>> = {
  newest: {},
  oldest: { order: 'asc' },
  failed: { state: 'failed' },
  running: { state: 'running' },
  queued: { state: 'queued' },
  unknown: { state: 'unknown' },
  revoked: { state: 'revoked' },
  name: { type: 'export.page' },
  beginning: { type: 'msg.*' },
  queue: { queue: 'report' },
  worker: { worker: 'export@host-1' },
  'rare worker': { worker: 'report@host-3' },
  creator: { creator: '5' },
  related: { related: 'object-77' },
  'by end': { sort: 'done' },
  'by name': { sort: 'name', order: 'asc' },
  'by runtime': { sort: 'runtime' },
  search: { q: 'project-77' },
};

/** What the original platform asks for the state of a family, on its own indexes. */
const ORIGINAL = `SELECT DISTINCT r.status FROM tasks_backgroundtask t LEFT OUTER JOIN celery_taskmeta r ON r.task_id = t.task_id
  WHERE t.root_id = $1 AND NOT (t.type = 'celery.chord_unlock')`;

async function measured(run: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  await run();
  const times: number[] = [];
  for (let round = 0; round < RUNS; round += 1) {
    const from = performance.now();
    await run();
    times.push(performance.now() - from);
  }
  times.sort((one, other) => one - other);
  const at = (share: number): number => times[Math.ceil(share * RUNS) - 1] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}

async function rootOf(database: Database, most: number): Promise<string> {
  const [row] = await database.query<{ id: string }>({
    text: 'SELECT root_id AS id FROM workertoolbox.family_state WHERE total <= $1 ORDER BY total DESC LIMIT 1',
    values: [most],
  });
  return row?.id ?? '';
}

async function run({ servers, count }: RunContext): Promise<Figures> {
  const { url } = await servers.freshDatabase(`${resultSchemaSql()}\n${migrationsSql()}`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const from = performance.now();
  await seedTasks(client, { tasks: count(TASKS) });
  const figures: Record<string, number> = { 'seed s': (performance.now() - from) / 1000 };
  await client.end();
  const database = postgresDatabase({ url, logger: silentLogger });
  const add = async (name: string, ask: () => Promise<unknown>): Promise<void> => {
    const { p50, p95 } = await measured(ask);
    figures[`${name} p50 ms`] = p50;
    figures[`${name} p95 ms`] = p95;
  };
  try {
    for (const [name, query] of Object.entries(LISTS)) {
      await add(name, () => listTasks(database, taskListQuery.parse(query)));
    }
    await add('counts', () => countTasks(database, {}));
    for (const size of [10, 1000, 10_000]) {
      const root = await rootOf(database, size);
      await add(`state of ${size}`, () => overallStatus(database, root));
      await add(`original's of ${size}`, () => database.query({ text: ORIGINAL, values: [root] }));
      await add(`family of ${size}`, () => familyView(database, root));
    }
  } finally {
    await database.close();
  }
  return figures;
}

export const ledgerCases = [
  benchCase('ledger/ours', 'questions to a million tasks', 'ours', ['postgres'], run),
];
