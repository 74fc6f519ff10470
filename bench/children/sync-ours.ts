import { silentLogger } from '../../src/base/index.js';
import { createSyncTasks, postgresDatabase } from '../../src/platform/index.js';
import { benchApp } from './bench-app.js';

const [url = '', databaseUrl = '', settings] = process.argv.slice(2);

/** The service that records what was scheduled. */
const { app } = benchApp(url, settings);
const database = postgresDatabase({ url: databaseUrl, logger: silentLogger });
const sync = createSyncTasks(app, { database });
await sync.start();
process.once('SIGTERM', () => {
  void sync
    .stop({ deadlineMs: 1_000 })
    .then(() => app.close())
    .then(() => database.close());
});
