import type { Clock, Logger } from '../base/index.js';
import { type EntryStore, openEntryStore } from '../beat/index.js';
import { Actions, createMonitor, postgresDatabase } from '../platform/index.js';
import type { ReceivedEvent } from '../remote/index.js';
import { Gate } from './auth/gate.js';
import { postgresAccounts } from './auth/postgres-accounts.js';
import { WorkerInspector } from './flower/worker-inspector.js';
import { ChangeFeed } from './live/change-feed.js';
import { TableChanges } from './live/table-changes.js';
import { TaskEvents } from './live/task-events.js';
import { ActionCounts } from './metrics/action-counts.js';
import { FlowerMetrics } from './metrics/flower-metrics.js';
import type { DashboardOptions } from './options.js';
import type { Services } from './services.js';
import { DatabaseWatch, watched } from './store/database-watch.js';

/** Makes what routes work with, and begins to watch: tables for open pages, workers and queues where there is an app. */
export function openServices(
  options: DashboardOptions,
  clock: Clock,
  logger: Logger,
): { readonly services: Services; close(): Promise<void> } {
  const { app, privateTasks = [], schedules: place } = options;
  // One pool for questions, one connection to see whether the database is there, one pool for the monitor's own pace.
  const [questions, probe, own] = [8, 1, 2].map((connections) =>
    postgresDatabase({ url: options.database, logger, connections }),
  ) as [
    ReturnType<typeof postgresDatabase>,
    ReturnType<typeof postgresDatabase>,
    ReturnType<typeof postgresDatabase>,
  ];
  const watch = new DatabaseWatch(probe, clock, logger);
  const database = watched(questions, watch);
  const gate = new Gate({
    store: options.accounts ?? postgresAccounts(database),
    proxy: options.proxySignIn,
    host: options.signIn,
    clock,
    logger,
  });
  const changes = new TableChanges(database);
  const feed = new ChangeFeed({ look: () => changes.since(), clock, logger });
  const flower = new FlowerMetrics(clock, (name) => app?.tasks.get(name) !== undefined);
  const hear = (event: ReceivedEvent): void => {
    flower.hear(event);
    if (event.type.startsWith('task-') && typeof event.uuid === 'string') feed.taskChanged(event.uuid);
  };
  const enable = options.enableEvents ?? !String(app?.conf.broker_url ?? '').startsWith('sqs');
  const events = new TaskEvents({ app, enable, onEvent: hear, clock, logger });
  const monitor = app && createMonitor(app, { database: own, url: options.database });
  let store: Promise<EntryStore> | undefined;
  const schedules = (): Promise<EntryStore> | undefined => {
    store ??= app && openEntryStore(app, place);
    store?.catch(() => {
      store = undefined;
    });
    return store;
  };
  // What changes something is not given up because the database is slow.
  const actions = app && new Actions({ app, database: questions, schedules: place });
  events.start();
  void monitor?.start();
  return {
    services: {
      app,
      database,
      watch,
      started: new Date(clock.now()),
      actions,
      schedules,
      flower,
      acted: new ActionCounts(),
      inspector: new WorkerInspector(app, clock),
      gate,
      feed,
      privateTasks,
      clock,
      logger,
    },
    close: async () => {
      feed.close();
      watch.close();
      await Promise.allSettled([
        events.close(),
        monitor?.stop(),
        actions?.close(),
        store?.then((open) => open.close()),
      ]);
      await Promise.allSettled([questions.close(), probe.close(), own.close()]);
    },
  };
}
