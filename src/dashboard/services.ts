import type { Clock, Logger } from '../base/index.js';
import type { Database } from '../platform/index.js';
import type { Celery } from '../toolbox/index.js';
import type { Gate } from './auth/gate.js';
import type { ChangeFeed } from './live/change-feed.js';

/** What routes work with. */
export interface Services {
  readonly app: Celery | undefined;
  readonly database: Database;
  readonly gate: Gate;
  /** What tells open pages that something changed. */
  readonly feed: ChangeFeed;
  /** Names of tasks whose arguments and results viewers do not see; `export.*` matches a beginning. */
  readonly privateTasks: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}
