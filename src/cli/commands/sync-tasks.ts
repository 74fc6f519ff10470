import type { Command } from 'commander';
import { createSyncTasks } from '../../platform/index.js';
import type { CliContext } from '../context.js';
import {
  addLogOptions,
  appFrom,
  databaseOption,
  type GlobalOptions,
  type LogOptions,
  startLogging,
} from '../global-options.js';
import { platformDatabase } from '../platform-access.js';
import { runService } from '../run-service.js';
import { count } from './worker.js';

interface SyncTasksFlags extends GlobalOptions, LogOptions {
  readonly database?: string;
  readonly batchSize?: number;
}

export function syncTasksCommand(program: Command, context: CliContext): void {
  addLogOptions(program.command('sync-tasks'))
    .description('record every scheduled task: consume the platform queue into the task table')
    .addOption(databaseOption('platform database (default: the one of the result backend)'))
    .option('--batch-size <n>', 'most messages one statement records', count, 500)
    .action(async (_flags: SyncTasksFlags, command: Command) => {
      const flags = command.optsWithGlobals<SyncTasksFlags>();
      const app = await appFrom(flags);
      const { logger, close } = startLogging(app.name, flags, context);
      app.logger = logger;
      const database = platformDatabase(app, flags.database);
      const service = createSyncTasks(app, {
        database,
        batchSize: flags.batchSize ?? 500,
        onBatch: (recorded) => logger.debug({ ...recorded }, 'recorded'),
      });
      try {
        logger.info({ database: database.url }, 'sync-tasks starts');
        await runService(service, logger);
      } finally {
        await Promise.allSettled([app.close(), database.close()]);
        await close();
      }
    });
}
