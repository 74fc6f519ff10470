import type { Command } from 'commander';
import type { MigrateFlags } from '../actions/migrate.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';

export function migrateCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('migrate'))
    .description('create or bring up to date the tables of results, tracked tasks and quarantine')
    .option(
      '--database <url>',
      'database, with a role that may create tables (default: the result backend of -A)',
    )
    .option('--print-sql', 'print what it would run on an empty database, and run nothing')
    .action(async (_flags: MigrateFlags, command: Command) => {
      const { runMigrate } = await import('../actions/migrate.js');
      await runMigrate(flagsOf(command), context);
    });
}
