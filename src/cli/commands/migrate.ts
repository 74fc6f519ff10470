import type { Command } from 'commander';
import { migrationsSql } from '../../platform/index.js';
import { resultSchemaSql } from '../../results/postgres/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl, migrateDatabase } from '../database-admin.js';
import type { GlobalOptions } from '../global-options.js';

interface MigrateFlags extends GlobalOptions {
  readonly database?: string;
  readonly printSql?: boolean;
}

export function migrateCommand(program: Command, context: CliContext): void {
  program
    .command('migrate')
    .description('create or bring up to date the tables of results, tracked tasks and quarantine')
    .option(
      '--database <url>',
      'database, with a role that may create tables (default: the result backend of -A)',
    )
    .option('--print-sql', 'print the statements and run nothing')
    .action(async (_flags: MigrateFlags, command: Command) => {
      const flags = command.optsWithGlobals<MigrateFlags>();
      if (flags.printSql) {
        context.out.write(`${resultSchemaSql()}\n\n${migrationsSql()}\n`);
        return;
      }
      const applied = await migrateDatabase(await databaseUrl(flags));
      context.out.write(applied.length === 0 ? 'Up to date.\n' : `Applied ${applied.join(', ')}.\n`);
    });
}
