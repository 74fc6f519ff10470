import type { App } from '../../app/index.js';
import type { Database } from '../store/database.js';
import { onlyOneIn } from '../store/only-one.js';
import { forgetTasks } from './forget-tasks.js';
import { Retention } from './retention.js';

export interface CreateRetentionOptions {
  readonly database: Database;
  /** URL of the same database: the connection on which those who run agree on one that acts. */
  readonly url: string;
  /** Families of which nothing happened for so many days are removed. */
  readonly days: number;
  /** Also their results. Default false. */
  readonly withResults?: boolean;
}

const DAY_MS = 86_400_000;

/** The service that removes tasks whose family ended so many days ago, once at its start and then every hour. */
export function createRetention(
  app: App,
  { database, url, days, withResults = false }: CreateRetentionOptions,
): Retention {
  const logger = app.logger.child({ service: 'retention' });
  const one = onlyOneIn(url, logger, 'retention');
  return new Retention({
    forget: async (signal) => {
      if (!(await one.ask())) return;
      const before = new Date(app.clock.now() - days * DAY_MS);
      const forgotten = await forgetTasks(database, { before, withResults, signal });
      logger[forgotten.families > 0 ? 'info' : 'debug']({ ...forgotten, before }, 'old tasks removed');
    },
    close: () => one.close(),
    clock: app.clock,
    logger,
  });
}
