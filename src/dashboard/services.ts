import type { Clock, Logger } from '../base/index.js';
import type { Database } from '../platform/index.js';
import type { Celery } from '../toolbox/index.js';
import type { Gate } from './auth/gate.js';

/** What routes work with. */
export interface Services {
  readonly app: Celery | undefined;
  readonly database: Database;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly logger: Logger;
}
