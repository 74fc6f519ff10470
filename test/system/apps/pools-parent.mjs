import { createWorker } from 'cadasta-workertoolbox';
import { app } from './pools.mjs';

// A worker whose children are kept busy by code that never returns; it says which processes they are.
const worker = createWorker(app, {
  pool: 'prefork',
  concurrency: 2,
  appModule: new URL('pools.mjs', import.meta.url),
});
await worker.start();
await app.send({ task: 'spin-for-ever', args: [], kwargs: {}, options: {} });
await app.send({ task: 'for-ever', args: [], kwargs: {}, options: {} });
const told = setInterval(() => {
  if (worker.info().active.length < 2) return;
  clearInterval(told);
  process.stdout.write(`children ${worker.info().steps.pool.processes.join(' ')}\n`);
}, 20);
