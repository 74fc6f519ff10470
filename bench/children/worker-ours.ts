import { createWorker } from '../../src/index.js';
import { benchApp } from './bench-app.js';

type PoolName = 'async' | 'threads' | 'prefork' | 'solo';

const [url = '', concurrency = '16', settings = '{}', pool = 'async'] = process.argv.slice(2);

/** The whole worker. */
const { app } = benchApp(url, settings);
const worker = createWorker(app, {
  concurrency: Number(concurrency),
  queues: ['bench'],
  pool: pool as PoolName,
  prefetchMultiplier: 64 / Number(concurrency),
  appModule: { module: new URL('./pool-app.js', import.meta.url), data: { url, settings } },
});
await worker.start();
process.once('SIGTERM', () => void worker.stop({ deadlineMs: 1_000 }).then(() => app.close()));
