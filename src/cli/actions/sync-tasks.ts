import { messageOf } from '../../base/index.js';
import {
  createMonitor,
  createReconciler,
  createRelay,
  createRetention,
  createSyncTasks,
  type Reconciler,
  type Relay,
} from '../../platform/index.js';
import type { Celery } from '../../toolbox/index.js';
import { appFrom, startAppLogging } from '../app-from.js';
import type { CliContext } from '../context.js';
import type { GlobalOptions } from '../options/global-options.js';
import type { LogOptions } from '../options/log-options.js';
import { platformDatabase, platformUrl } from '../platform-access.js';
import { runService } from '../run-service.js';

export interface SyncTasksFlags extends GlobalOptions, LogOptions {
  readonly database?: string;
  readonly batchSize: number;
  readonly withoutReconciler?: boolean;
  readonly withoutMonitor?: boolean;
  readonly withoutRelay?: boolean;
  readonly withoutMessages?: boolean;
  readonly repair?: boolean;
  readonly retainDays?: number;
  readonly retainResults?: boolean;
}

export async function runSyncTasks(flags: SyncTasksFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { logger, close } = await startAppLogging(app, flags, context);
  const database = platformDatabase(app, flags.database);
  const service = createSyncTasks(app, {
    database,
    batchSize: flags.batchSize,
    keepMessages: flags.withoutMessages !== true,
    onBatch: (recorded) => logger.debug({ ...recorded }, 'recorded'),
  });
  const monitor = createMonitor(app, { database, url: platformUrl(app, flags.database) });
  const { retainDays: days, retainResults: withResults = false } = flags;
  const retention =
    days === undefined
      ? undefined
      : createRetention(app, { database, url: platformUrl(app, flags.database), days, withResults });
  let reconciler: Reconciler | undefined;
  let relay: Relay | undefined;
  try {
    logger.info({ database: database.url }, 'sync-tasks starts');
    if (!flags.withoutReconciler) reconciler = await reconcilerFor(app, flags.repair === true);
    if (!flags.withoutRelay) relay = createRelay(app, { database: platformUrl(app, flags.database) });
    const onReady = (): void => {
      void reconciler?.start();
      if (!flags.withoutMonitor) void monitor.start();
      void relay?.start();
      void retention?.start();
      logger.info({}, 'ready');
    };
    await runService(service, logger, { onReady });
  } finally {
    await Promise.allSettled([reconciler?.stop(), relay?.stop(), monitor.stop(), retention?.stop()]);
    await Promise.allSettled([app.close(), database.close()]);
    await close();
  }
}

/** What is scheduled is recorded with or without it: where results or heartbeats cannot be had, that is said once. */
async function reconcilerFor(app: Celery, republish: boolean): Promise<Reconciler | undefined> {
  try {
    return await createReconciler(app, { database: app.conf.result_backend ?? '', republish });
  } catch (error) {
    app.logger.warn({ error: messageOf(error) }, 'tasks whose worker is lost are not failed by this process');
    return undefined;
  }
}
