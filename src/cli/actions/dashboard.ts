import { DashboardServer, fileAccounts } from '../../dashboard/index.js';
import { appFrom, startLogging } from '../app-from.js';
import type { CliContext } from '../context.js';
import { databaseUrl } from '../database-admin.js';
import type { GlobalOptions } from '../options/global-options.js';
import type { LogOptions } from '../options/log-options.js';
import { runService } from '../run-service.js';

export interface AccountFlags extends GlobalOptions {
  readonly database?: string;
  readonly usersFile?: string;
  readonly role: 'viewer' | 'operator' | 'admin';
  readonly json?: boolean;
}

export interface DashboardFlags extends GlobalOptions, LogOptions {
  readonly database?: string;
  readonly usersFile?: string;
  readonly host: string;
  readonly port: number;
  readonly urlPrefix?: string;
  readonly trustedProxy?: readonly string[];
  readonly anyPort?: boolean;
  readonly allowedHost?: readonly string[];
  readonly privateTask?: readonly string[];
  readonly store?: string;
  readonly enableEvents: boolean;
  readonly metricsToken?: string;
}

/** What the line that tells the address begins with. */
export const ADDRESS = 'Dashboard: ';

export async function runDashboard(flags: DashboardFlags, context: CliContext): Promise<void> {
  const app = flags.app === undefined ? undefined : await appFrom(flags);
  const { logger, close } = startLogging(app?.name ?? 'dashboard', flags, context);
  if (app !== undefined) app.logger = logger;
  const database = await databaseUrl(flags);
  const server = new DashboardServer({
    app,
    database,
    accounts: flags.usersFile === undefined ? undefined : fileAccounts(flags.usersFile),
    host: flags.host,
    port: flags.port,
    urlPrefix: flags.urlPrefix,
    trustedProxies: flags.trustedProxy,
    anyPort: flags.anyPort,
    allowedHosts: flags.allowedHost,
    privateTasks: flags.privateTask,
    schedules: flags.store === 'postgres' ? database : flags.store,
    ...(!flags.enableEvents && { enableEvents: false }),
    metricsToken: flags.metricsToken,
    logger,
  });
  try {
    await runService(server, logger, {
      onReady: () => {
        logger.info({ url: server.url }, 'ready');
        context.out.write(`${ADDRESS}${server.url}\n`);
      },
    });
  } finally {
    await app?.close();
    await close();
  }
}
