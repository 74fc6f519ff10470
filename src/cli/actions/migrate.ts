import { migrationsSql } from '../../platform/index.js';
import { resultSchemaSql } from '../../results/postgres/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl, migrateDatabase } from '../database-admin.js';
import type { GlobalOptions } from '../options/global-options.js';

export interface MigrateFlags extends GlobalOptions {
  readonly database?: string;
  readonly printSql?: boolean;
}

export async function runMigrate(flags: MigrateFlags, { out }: CliContext): Promise<void> {
  if (flags.printSql) {
    out.write(`BEGIN;\n${resultSchemaSql()}\n\n${migrationsSql()}\nCOMMIT;\n`);
    return;
  }
  const applied = await migrateDatabase(await databaseUrl(flags));
  out.write(applied.length === 0 ? 'Up to date.\n' : `Applied ${applied.join(', ')}.\n`);
}
