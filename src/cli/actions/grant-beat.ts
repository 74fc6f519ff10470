import { grantBeatSql } from '../../beat/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl, withClient } from '../database-admin.js';
import type { GlobalOptions } from '../options/global-options.js';

export interface GrantBeatFlags extends GlobalOptions {
  readonly database?: string;
  readonly printSql?: boolean;
}

export async function runGrantBeat(role: string, flags: GrantBeatFlags, { out }: CliContext): Promise<void> {
  const sql = grantBeatSql(role);
  if (flags.printSql) {
    out.write(`${sql}\n`);
    return;
  }
  await withClient(await databaseUrl(flags), (client) => client.query(sql));
  out.write(`${role} may now run beat --store postgres.\n`);
}
