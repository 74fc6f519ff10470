import type { Command } from 'commander';
import type { UpFlags } from '../actions/up.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { appOption } from '../options/global-options.js';
import { addLogOptions } from '../options/log-options.js';
import { count } from '../options/values.js';

export function upCommand(program: Command, context: CliContext): void {
  addLogOptions(program.command('up').addOption(appOption()))
    .description(
      'run everything an app needs on this machine: broker, database, sync-tasks, a worker, the dashboard, and beat for a schedule',
    )
    .option('--data <folder>', 'keep queues and tables in this folder between starts')
    .option('--no-worker', 'start no worker')
    .option('--no-dashboard', 'start no dashboard')
    .option('--dashboard-port <n>', 'port of the dashboard; another one when it is taken', count, 5555)
    .addHelpText('after', HELP)
    .action(async (_flags: UpFlags, command: Command) => {
      const { runUp } = await import('../actions/up.js');
      await runUp(flagsOf(command), context);
    });
}

const HELP = `
For development: broker and database listen on this machine only. It writes a file with their addresses, which other
programs of yours read with the shell's dot command; the file and, without --data, all content go when it stops.`;
