import type { Command } from 'commander';
import type { GrantFlags } from '../actions/grant-platform.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';

export function grantSyncTasksCommand(program: Command, context: CliContext): void {
  withOptions(program.command('grant-sync-tasks <role>'))
    .description(
      'give a role what sync-tasks needs: to record tasks, set messages aside, watch, fail lost tasks',
    )
    .option('--retain', 'also what removing old tasks and results needs')
    .action(async (role: string, _flags: GrantFlags, command: Command) => {
      const { runGrantSyncTasks } = await import('../actions/grant-platform.js');
      await runGrantSyncTasks(role, flagsOf(command), context);
    });
}

export function grantViewerCommand(program: Command, context: CliContext): void {
  withOptions(program.command('grant-viewer <role>'))
    .description('let a role see tasks, results and figures, and change nothing')
    .action(async (role: string, _flags: GrantFlags, command: Command) => {
      const { runGrantViewer } = await import('../actions/grant-platform.js');
      await runGrantViewer(role, flagsOf(command), context);
    });
}

const withOptions = (command: Command): Command =>
  addGlobalOptions(command)
    .option(
      '--database <url>',
      'database, migrated, with a role that may grant (default: the result backend of -A)',
    )
    .option('--create', 'create the role when it is absent (set its password with \\password in psql)')
    .option('--print-sql', 'print the statements and run nothing');
