/** A worker in a process of its own, whose tasks may block it: `blocked-loop-worker.ts SETTINGS PREFETCH`. */
import { setTimeout } from 'node:timers/promises';
import { type Logger, silentLogger } from '../../src/base/index.js';
import { Celery } from '../../src/toolbox/index.js';
import { createWorker } from '../../src/worker/index.js';
import type { Told } from './blocked-loop.js';

const [settings = '{}', prefetch = '1'] = process.argv.slice(2);
const tell = (told: Told): void => void process.send?.(told);
const logger: Logger = {
  ...silentLogger,
  child: () => logger,
  warn: (fields, message) => {
    if (/interrupted|connection to the broker was lost/.test(message ?? '')) {
      tell({ kind: 'interrupted', why: fields });
    }
    if (!message?.startsWith('blocked event loop')) return;
    const { lag_ms: lag, tasks } = fields as { readonly lag_ms: number; readonly tasks: readonly string[] };
    tell({ kind: 'warned', lag, tasks });
  },
};
const app = new Celery('blocked', {
  logger,
  settings: {
    ...(JSON.parse(settings) as Record<string, unknown>),
    task_ignore_result: true,
    worker_prefetch_multiplier: Number(prefetch),
  },
});
app.task('chaos.block', async (task: number, ms: number, held: number) => {
  // What the first worker holds when it begins is what is looked at; its neighbour takes one at a time.
  while (Number(prefetch) > 1 && worker.info().reserved.length < held) await setTimeout(5);
  tell({ kind: 'started', task, pid: process.pid });
  const until = Date.now() + ms;
  while (Date.now() < until);
  tell({ kind: 'ended', task, pid: process.pid });
});
const worker = createWorker(app, { concurrency: 1, logger });
await worker.start();
tell({ kind: 'ready' });
