import { grantBusSql } from '../../bus/postgres/index.js';
import { grantSyncTasksSql, grantViewerSql } from '../../platform/index.js';
import { connectionString } from '../../postgres/index.js';
import { createdRole, grantWorkerSql } from '../../results/postgres/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl, withClient } from '../database-admin.js';
import type { GlobalOptions } from '../options/global-options.js';

export interface GrantFlags extends GlobalOptions {
  readonly database?: string;
  readonly create?: boolean;
  readonly retain?: boolean;
  readonly printSql?: boolean;
}

export const runGrantSyncTasks = (role: string, flags: GrantFlags, context: CliContext): Promise<void> => {
  const sqlFor = (database: string): string[] => [
    grantWorkerSql({ role, database, create: flags.create === true }),
    grantSyncTasksSql({ role, retain: flags.retain === true }),
    grantBusSql(role),
  ];
  return grant(flags, sqlFor, `${role} may now run sync-tasks`, context);
};

export const runGrantViewer = (role: string, flags: GrantFlags, context: CliContext): Promise<void> => {
  const sqlFor = (database: string): string[] => [
    ...(flags.create ? [createdRole(role)] : []),
    grantViewerSql(role, database),
  ];
  return grant(flags, sqlFor, `${role} may now look`, context);
};

async function grant(
  flags: GrantFlags,
  sqlFor: (database: string) => readonly string[],
  done: string,
  { out }: CliContext,
): Promise<void> {
  const url = await databaseUrl(flags);
  const database = decodeURIComponent(new URL(connectionString(url, '--database')).pathname.slice(1));
  const sql = sqlFor(database).join('\n');
  if (flags.printSql) {
    out.write(`${sql}\n`);
    return;
  }
  await withClient(url, (client) => client.query(sql));
  out.write(`${done} in ${database}.\n`);
}
