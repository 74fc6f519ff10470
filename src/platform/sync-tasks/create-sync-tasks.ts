import { type App, decodeContext } from '../../app/index.js';
import { ToolboxError } from '../../base/index.js';
import { messageKeeper } from '../messages/index.js';
import { postgresQuarantine } from '../quarantine/index.js';
import type { Database } from '../store/database.js';
import { inspectTaskTable } from '../tracking/task-table.js';
import { readDelivery } from './read-delivery.js';
import { SyncTasks, type SyncTasksOptions } from './sync-tasks.js';

export interface CreateSyncTasksOptions extends Pick<SyncTasksOptions, 'batchSize' | 'onBatch'> {
  readonly database: Database;
  /** Keep messages as they came, so that tasks can be retried with all they had. Default true. */
  readonly keepMessages?: boolean;
}

/**
 * The service that records what an app's producers schedule: it consumes the app's platform queue.
 *
 * @throws CONFIG_INVALID when the app has no queue that receives a copy of every task.
 */
export function createSyncTasks(
  app: App,
  { database, keepMessages = true, ...options }: CreateSyncTasksOptions,
): SyncTasks {
  const queue = app.queues.find(({ tap }) => tap === true);
  if (queue === undefined) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      'task_queues: expected a queue that receives a copy of every task (the platform queue); configure the app with a Config',
      { fields: { key: 'task_queues' } },
    );
  }
  const context = { ...decodeContext(app), sealed: 'leave' } as const;
  return new SyncTasks({
    ...options,
    database,
    queue,
    quarantine: postgresQuarantine(database),
    keep: keepMessages ? messageKeeper(database, app.logger) : undefined,
    broker: () => app.broker(),
    inspect: () => inspectTaskTable(database),
    read: (delivery) => readDelivery(delivery, context),
    logger: app.logger.child({ service: 'sync-tasks' }),
    clock: app.clock,
  });
}
