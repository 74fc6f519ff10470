import { migrationsSql } from '../../src/platform/index.js';
import { resultSchemaSql } from '../../src/results/postgres/index.js';
import { taskMessage } from '../children/sample-message.js';
import type { BenchCase, Figures, RunContext } from '../harness/bench-case.js';
import type { Database } from '../harness/database.js';
import { benchCase, measureDrain } from '../harness/measure.js';
import type { ProgramOptions } from '../harness/program.js';
import { CONCURRENCY, celeryWorker, node, PREFORK, peerScript, QUEUE } from './programs.js';
import { resultSettings } from './result-settings.js';
import { TOPIC } from './topic.js';

type MakeProgram = (broker: string, database: Database) => ProgramOptions;

/** Messages come from a full queue; the run ends when the last row is where it belongs. */
const storing =
  (full: number, schema: string, table: string, condition: string, program: MakeProgram) =>
  async ({ servers, count }: RunContext): Promise<Figures> => {
    const [broker, database] = [await servers.broker(), await servers.freshDatabase(schema)];
    await broker.freshQueue(QUEUE);
    await broker.fill(QUEUE, count(full), () => taskMessage('bench.noop'));
    return measureDrain(program(broker.url, database), {
      broker,
      queue: QUEUE,
      count: count(full),
      finished: async () => (await database.count(table, condition)) >= count(full),
    });
  };

const results = (full: number, program: MakeProgram): BenchCase['run'] =>
  storing(full, resultSchemaSql(), 'celery_taskmeta', "status = 'SUCCESS'", program);

const recording = (full: number, program: MakeProgram): BenchCase['run'] =>
  storing(full, migrationsSql(), 'tasks_backgroundtask', 'true', program);

const ours = (broker: string, database: Database, started: boolean): ProgramOptions =>
  node('worker-ours', broker, CONCURRENCY, JSON.stringify(resultSettings(database.url, 'ours', started)));
const celery = (broker: string, database: Database, started: boolean): ProgramOptions =>
  celeryWorker(broker, PREFORK, resultSettings(database.url, 'celery', started));

/** The queue `bench` is the platform queue here. */
const SYNC = JSON.stringify({
  ...TOPIC,
  task_queues: TOPIC.task_queues.map((queue) => ({ ...queue, name: queue.tap ? QUEUE : 'work' })),
  task_default_queue: 'work',
});

const rp = ['rabbitmq', 'postgres'] as const;
const rpp = ['rabbitmq', 'postgres', 'python'] as const;

export const postgresCases: readonly BenchCase[] = [
  benchCase(
    'results/ours',
    'our worker, results in PostgreSQL',
    'ours',
    rp,
    results(20_000, (b, d) => ours(b, d, false)),
  ),
  benchCase(
    'results/ours-started',
    'same, with started-tracking',
    'ours',
    rp,
    results(20_000, (b, d) => ours(b, d, true)),
  ),
  benchCase(
    'results/celery-prefork',
    'Celery worker, prefork -c 2, results in PostgreSQL',
    'peer',
    rpp,
    results(1_000, (b, d) => celery(b, d, false)),
  ),
  benchCase(
    'results/celery-prefork-started',
    'same, with started-tracking',
    'peer',
    rpp,
    results(1_000, (b, d) => celery(b, d, true)),
  ),
  benchCase(
    'sync/ours',
    'our sync-tasks',
    'ours',
    rp,
    recording(20_000, (b, d) => node('sync-ours', b, d.url, SYNC)),
  ),
  benchCase(
    'sync/reference',
    'sync in batches of 500, a script for this one purpose',
    'raw',
    rp,
    recording(20_000, (b, d) => node('sync-reference', b, QUEUE, d.url, 500)),
  ),
  benchCase(
    'sync/one-by-one',
    'sync one by one, Python',
    'peer',
    rpp,
    recording(2_000, (b, d) => peerScript('sync_one_by_one.py', b, QUEUE, d.url)),
  ),
];
