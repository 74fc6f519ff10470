import type { Clock, Logger } from '../base/index.js';
import type { EntryStore } from '../beat/index.js';
import type { Actions, Database } from '../platform/index.js';
import type { Celery } from '../toolbox/index.js';
import type { Gate } from './auth/gate.js';
import type { WorkerInspector } from './flower/worker-inspector.js';
import type { ChangeFeed } from './live/change-feed.js';
import type { ActionCounts } from './metrics/action-counts.js';
import type { FlowerMetrics } from './metrics/flower-metrics.js';
import type { DatabaseWatch } from './store/database-watch.js';

/** What routes work with. */
export interface Services {
  readonly app: Celery | undefined;
  readonly database: Database;
  /** Whether it answers. */
  readonly watch: DatabaseWatch;
  /** When this dashboard began. */
  readonly started: Date;
  /** What people have done; undefined without an app. */
  readonly actions: Actions | undefined;
  /** Where beat keeps its entries; undefined without an app. */
  readonly schedules: () => Promise<EntryStore> | undefined;
  /** What workers told of tasks, as Flower counts it. */
  readonly flower: FlowerMetrics;
  /** Changes done here, by action and role. */
  readonly acted: ActionCounts;
  readonly inspector: WorkerInspector;
  readonly gate: Gate;
  /** What tells open pages that something changed. */
  readonly feed: ChangeFeed;
  /** Names of tasks whose arguments and results viewers do not see; `export.*` matches a beginning. */
  readonly privateTasks: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}
