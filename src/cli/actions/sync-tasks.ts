import { createSyncTasks } from '../../platform/index.js';
import { appFrom, startLogging } from '../app-from.js';
import type { CliContext } from '../context.js';
import type { GlobalOptions } from '../options/global-options.js';
import type { LogOptions } from '../options/log-options.js';
import { platformDatabase } from '../platform-access.js';
import { runService } from '../run-service.js';

export interface SyncTasksFlags extends GlobalOptions, LogOptions {
  readonly database?: string;
  readonly batchSize: number;
}

export async function runSyncTasks(flags: SyncTasksFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { logger, close } = startLogging(app.name, flags, context);
  app.logger = logger;
  const database = platformDatabase(app, flags.database);
  const service = createSyncTasks(app, {
    database,
    batchSize: flags.batchSize,
    onBatch: (recorded) => logger.debug({ ...recorded }, 'recorded'),
  });
  try {
    logger.info({ database: database.url }, 'sync-tasks starts');
    await runService(service, logger, { onReady: () => logger.info({}, 'ready') });
  } finally {
    await Promise.allSettled([app.close(), database.close()]);
    await close();
  }
}
