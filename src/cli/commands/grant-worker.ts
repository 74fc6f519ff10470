import type { Command } from 'commander';
import type { GrantWorkerFlags } from '../actions/grant-worker.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';

export function grantWorkerCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('grant-worker <role>'))
    .description('give a role what a worker needs, and nothing else: to read and write the result table')
    .option('--database <url>', 'database, with a role that may grant (default: the result backend of -A)')
    .option('--create', 'create the role when it is absent (set its password with \\password in psql)')
    .option('--groups', 'also what saving and restoring groups needs')
    .option('--chords', 'also what ending chords without polling needs')
    .option('--attempts', 'also what writing down every run of a task needs')
    .option('--control', 'also what remote control and events through this database need')
    .option('--locks', 'also what unique tasks and fleet rate limits through this database need')
    .option('--platform', 'also what quarantine, paused queues and revoked tasks need')
    .option('--print-sql', 'print the statements and run nothing')
    .action(async (role: string, _flags: GrantWorkerFlags, command: Command) => {
      const { runGrantWorker } = await import('../actions/grant-worker.js');
      await runGrantWorker(role, flagsOf(command), context);
    });
}
