import type { Command } from 'commander';
import type { SyncTasksFlags } from '../actions/sync-tasks.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions, databaseOption } from '../options/global-options.js';
import { addLogOptions } from '../options/log-options.js';
import { positive } from '../options/values.js';

export function syncTasksCommand(program: Command, context: CliContext): void {
  addLogOptions(addGlobalOptions(program.command('sync-tasks')))
    .description(
      'record every scheduled task: consume the platform queue into the task table; fail tasks whose worker was lost',
    )
    .addOption(databaseOption('platform database (default: the one of the result backend)'))
    .option('--batch-size <n>', 'most messages one statement records', positive, 500)
    .option('--without-monitor', 'leave the figures of the dashboard (workers, queues, rates) to another')
    .option('--without-relay', 'leave messages of the outbox to another')
    .option(
      '--without-messages',
      'keep no messages as they came: tasks can then be retried from the task table only',
    )
    .option('--retain-days <n>', 'remove tasks whose family ended so many days ago (see retain)', positive)
    .option('--retain-results', 'with --retain-days: also their results')
    .option('--repair', 'send tasks again, under their ids, whose message is gone')
    .option('--without-reconciler', 'leave tasks whose worker was lost to another (see audit)')
    .action(async (_flags: SyncTasksFlags, command: Command) => {
      const { runSyncTasks } = await import('../actions/sync-tasks.js');
      await runSyncTasks(flagsOf(command), context);
    });
}
