import { grantBusSql } from '../../bus/postgres/index.js';
import { grantCoordinationSql } from '../../coordination/postgres/index.js';
import { grantPlatformSql } from '../../platform/index.js';
import { connectionString } from '../../postgres/index.js';
import { grantAttemptsSql, grantChordsSql, grantWorkerSql } from '../../results/postgres/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl, withClient } from '../database-admin.js';
import type { GlobalOptions } from '../options/global-options.js';

export interface GrantWorkerFlags extends GlobalOptions {
  readonly database?: string;
  readonly create?: boolean;
  readonly groups?: boolean;
  readonly control?: boolean;
  readonly chords?: boolean;
  readonly attempts?: boolean;
  readonly locks?: boolean;
  readonly platform?: boolean;
  readonly printSql?: boolean;
}

export async function runGrantWorker(
  role: string,
  flags: GrantWorkerFlags,
  { out }: CliContext,
): Promise<void> {
  const url = await databaseUrl(flags);
  const database = decodeURIComponent(new URL(connectionString(url, '--database')).pathname.slice(1));
  const {
    create = false,
    groups = false,
    control = false,
    chords = false,
    locks = false,
    platform = false,
    attempts = false,
  } = flags;
  const results = grantWorkerSql({ role, database, create, groups });
  const sql = [
    results,
    ...(control ? [grantBusSql(role)] : []),
    ...(chords ? [grantChordsSql(role)] : []),
    ...(attempts ? [grantAttemptsSql(role)] : []),
    ...(locks ? [grantCoordinationSql(role)] : []),
    ...(platform ? [grantPlatformSql(role)] : []),
  ].join('\n');
  if (flags.printSql) {
    out.write(`${sql}\n`);
    return;
  }
  await withClient(url, (client) => client.query(sql));
  out.write(`${role} may now read and write results in ${database}.\n`);
}
