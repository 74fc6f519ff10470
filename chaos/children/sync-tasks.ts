import { silentLogger } from '../../src/base/index.js';
import { createSyncTasks, type Database, postgresDatabase } from '../../src/platform/index.js';
import { chaosApp } from './chaos-app.js';
import type { SyncPlan } from './plans.js';

const { settings, ledger, database, batchSize, diesAfter } = JSON.parse(process.argv[2] ?? '') as SyncPlan;

// As the command line does: between two polls no open connection keeps the process alive.
setInterval(() => undefined, 60_000);
const { app } = chaosApp(settings, ledger);
const store = postgresDatabase({ url: database, logger: silentLogger });
let commits = 0;

/** A write that has come back is committed: here the process dies. */
const dying: Database = {
  url: store.url,
  query: async (query) => {
    const rows = await store.query(query);
    if (query.name?.startsWith('workertoolbox-record') === true && ++commits === diesAfter) {
      process.kill(process.pid, 'SIGKILL');
    }
    return rows as never;
  },
  alone: (work) => store.alone(work),
  close: () => store.close(),
};

await createSyncTasks(app, { database: dying, batchSize }).start();
console.log('ready');
