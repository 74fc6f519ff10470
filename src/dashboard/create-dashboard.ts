import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Clock, type Logger, silentLogger, systemClock, ToolboxError } from '../base/index.js';
import { postgresDatabase } from '../platform/index.js';
import { Gate } from './auth/gate.js';
import { postgresAccounts } from './auth/postgres-accounts.js';
import { httpApp } from './http-app.js';
import { ChangeFeed } from './live/change-feed.js';
import { TableChanges } from './live/table-changes.js';
import type { DashboardOptions } from './options.js';
import { DatabaseWatch, watched } from './store/database-watch.js';

/** A dashboard to be mounted in a server: `createServer(dashboard.handler)`, or `app.use('/board', dashboard.handler)`. */
export interface Dashboard {
  readonly handler: RequestListener;
  /** True as long as there is no way to sign in: only this machine is let in. */
  open(): Promise<boolean>;
  /** Ends its streams and connections. */
  close(): Promise<void>;
}

/** The page, its API and its metrics over the platform's database. @throws CONFIG_INVALID */
export function createDashboard(options: DashboardOptions): Dashboard {
  const { app, urlPrefix = '', clock = systemClock } = options;
  if (!/^(\/[\w.~-]+)*$/.test(urlPrefix)) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      'urlPrefix: expected a path such as /board, without an end slash',
      {
        fields: { urlPrefix },
      },
    );
  }
  const logger = options.logger ?? app?.logger ?? silentLogger;
  const { database, close: closeDatabase } = openDatabase(options.database, clock, logger);
  const store = options.accounts ?? postgresAccounts(database);
  const gate = new Gate({ store, proxy: options.proxySignIn, host: options.signIn, clock, logger });
  const changes = new TableChanges(database);
  const feed = new ChangeFeed({ look: () => changes.since(), clock, logger });
  const { privateTasks = [] } = options;
  const http = httpApp({ app, database, gate, feed, privateTasks, clock, logger }, { ...options, urlPrefix });
  const listener = getRequestListener(http.fetch, { overrideGlobalObjects: false });
  return {
    handler: (request, response) => void listener(request, response),
    open: () => gate.open(),
    close: async () => {
      feed.close();
      await closeDatabase();
    },
  };
}

/** Two pools: one for questions, one connection to see whether the database is there. */
function openDatabase(url: string, clock: Clock, logger: Logger) {
  const questions = postgresDatabase({ url, logger, connections: 8 });
  const probe = postgresDatabase({ url, logger, connections: 1 });
  const watch = new DatabaseWatch(probe, clock, logger);
  return {
    database: watched(questions, watch),
    close: async () => {
      watch.close();
      await Promise.all([questions.close(), probe.close()]);
    },
  };
}
