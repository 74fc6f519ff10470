import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { Celery } from '../../src/toolbox/index.js';
import { createWorker, type Worker } from '../../src/worker/index.js';
import { startRedis } from '../support/redis.js';
import { eventually } from './traffic.js';

/** How tasks with an ETA far beyond the visibility timeout were run. Times are milliseconds against the ETA. */
export interface EtaCounts {
  readonly tasks: number;
  /** Runs; more than tasks when some ran twice. */
  readonly runs: number;
  readonly missing: number;
  readonly earliestMs: number;
  readonly latestMs: number;
  /** Messages that waited in Redis once the workers had seen them all. */
  readonly parked: number;
  /** Those that waited in the memory of a worker at that time. */
  readonly inMemory: number;
}

export interface EtaOptions {
  readonly python: string;
  readonly tasks: number;
  readonly countdownSeconds: number;
  readonly visibilitySeconds: number;
  readonly workers: number;
  /** The workers that gave the messages back end, and others come. */
  readonly replaceWorkers?: boolean;
}

const PRODUCER = `
import sys, time, celery
url, visibility, tasks, countdown = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
app = celery.Celery(broker=url)
app.conf.broker_transport_options = {"visibility_timeout": visibility}
for n in range(tasks):
    app.send_task("chaos.eta", args=[n, time.time() * 1000 + countdown * 1000], countdown=countdown)
`;

/** A Python producer sends tasks for later; workers that are told of their messages every `visibilitySeconds` run them. */
export async function etaBeyondVisibility(options: EtaOptions): Promise<EtaCounts> {
  const { python, tasks, countdownSeconds, visibilitySeconds, replaceWorkers = false } = options;
  const server = await startRedis();
  const runs: { readonly task: number; readonly lateMs: number }[] = [];
  const pair = async (): Promise<{ app: Celery; worker: Worker }> => {
    const app = new Celery('eta', {
      settings: {
        broker_url: server.url,
        broker_transport_options: { visibility_timeout: visibilitySeconds },
        task_ignore_result: true,
      },
    });
    app.task('chaos.eta', (task: number, dueMs: number) => {
      runs.push({ task, lateMs: Date.now() - dueMs });
    });
    const worker = createWorker(app, { concurrency: 4 });
    await worker.start();
    return { app, worker };
  };
  const end = async ({ app, worker }: Awaited<ReturnType<typeof pair>>): Promise<void> => {
    await worker.stop();
    await app.close();
  };
  const client = new Redis(server.url, { protocol: 2 });
  let pairs = await Promise.all(Array.from({ length: options.workers }, pair));
  try {
    const args = [server.url, visibilitySeconds, tasks, countdownSeconds].map(String);
    await promisify(execFile)(python, ['-c', PRODUCER, ...args]);
    let parked = 0;
    // Only what waits has a time of delivery in the future.
    const look = setInterval(() => {
      void client.zcount('unacked_index', Date.now() / 1000 + 0.5, '+inf').then((count) => (parked = count));
    }, 50);
    await eventually(() => parked === tasks, countdownSeconds * 1000).finally(() => clearInterval(look));
    const inMemory = pairs.reduce((sum, { worker }) => sum + worker.info().scheduled.length, 0);
    if (replaceWorkers) {
      await Promise.all(pairs.map(end));
      pairs = await Promise.all(Array.from({ length: options.workers }, pair));
    }
    await eventually(() => runs.length >= tasks, (countdownSeconds + 30) * 1000);
    // Whatever would run a second time does so within a lease.
    await new Promise((resolve) => setTimeout(resolve, visibilitySeconds * 1000 + 500));
    const late = runs.map(({ lateMs }) => lateMs);
    return {
      tasks,
      runs: runs.length,
      missing: tasks - new Set(runs.map(({ task }) => task)).size,
      earliestMs: Math.round(Math.min(...late)),
      latestMs: Math.round(Math.max(...late)),
      parked,
      inMemory,
    };
  } finally {
    await Promise.all(pairs.map(end));
    client.disconnect();
    await server.kill();
  }
}
