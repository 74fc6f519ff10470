import { silentLogger } from '../../src/base/index.js';
import { createWorker } from '../../src/index.js';
import { postgresDatabase, postgresQuarantine } from '../../src/platform/index.js';
import { workerLogger } from '../harness/worker-log.js';
import { chaosApp } from './chaos-app.js';
import { armDeaths } from './deaths.js';
import type { WorkerPlan } from './plans.js';

const { settings, ledger, options, quarantine, dies } = JSON.parse(process.argv[2] ?? '') as WorkerPlan;

// As the command line does: between two polls no open connection keeps the process alive.
const alive = setInterval(() => undefined, 60_000);
const chaos = chaosApp(settings, ledger);
chaos.app.logger = workerLogger(ledger);
if (dies !== undefined) armDeaths(chaos, dies);
const store = postgresDatabase({ url: quarantine, logger: silentLogger });
const worker = createWorker(chaos.app, {
  queues: ['chaos', 'celery'],
  quarantine: postgresQuarantine(store),
  ...options,
});
process.once('SIGTERM', () => {
  void worker
    .stop({ deadlineMs: 25_000 })
    .then(() => Promise.all([chaos.app.close(), store.close()]))
    .then(() => clearInterval(alive));
});
await worker.start();
console.log('ready');
