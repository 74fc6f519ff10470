import { createWorker } from '../../src/index.js';
import { benchApp } from './bench-app.js';
import { turnsOfSpin } from './spin.js';

type PoolName = 'async' | 'threads' | 'prefork' | 'solo';

const [url = '', concurrency = '16', settings = '{}', pool = 'async', work = 'noop'] = process.argv.slice(2);

/** The whole worker. */
const turns = work === 'spin' ? turnsOfSpin() : 0;
const { app } = benchApp(url, settings, {}, turns);
const worker = createWorker(app, {
  concurrency: Number(concurrency),
  queues: ['bench'],
  pool: pool as PoolName,
  prefetchMultiplier: 64 / Number(concurrency),
  appModule: { module: new URL('./pool-app.js', import.meta.url), data: { url, settings, turns } },
});
await worker.start();
process.once('SIGTERM', () => void worker.stop({ deadlineMs: 1_000 }).then(() => app.close()));
