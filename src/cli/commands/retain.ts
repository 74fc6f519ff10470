import type { Command } from 'commander';
import type { RetainFlags } from '../actions/retain.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions, databaseOption } from '../options/global-options.js';
import { age, readyStates } from '../options/values.js';

export function retainCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('retain'))
    .description(
      'remove old tasks from the task table, by whole families of which everything has ended, with their runs and messages',
    )
    .addOption(databaseOption('platform database (default: the one of the result backend)'))
    .requiredOption('--older-than <age>', 'nothing of the family happened for so long, as in 90d or 12h', age)
    .option('--state <states>', 'only families in these states: SUCCESS,FAILURE,REVOKED', readyStates)
    .option('--type <name>', "only families whose first task has this name, or begins like it: 'export.*'")
    .option('--with-results', 'also their results')
    .option('--dry-run', 'remove nothing, and tell what would go')
    .option('--json', 'the figures as JSON')
    .action(async (_flags: RetainFlags, command: Command) => {
      const { runRetain } = await import('../actions/retain.js');
      await runRetain(flagsOf(command), context);
    });
}
