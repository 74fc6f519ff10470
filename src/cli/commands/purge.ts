import type { Command } from 'commander';
import type { PurgeFlags } from '../actions/purge.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { names } from '../options/values.js';

export function purgeCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('purge'))
    .description('delete all messages that wait in the queues of the app; there is no way back')
    .option('-f, --force', 'do not ask')
    .option('-Q, --queues <names>', 'only these, separated by commas', names)
    .option('-X, --exclude-queues <names>', 'not these', names)
    .addHelpText('after', HELP)
    .action(async (_flags: PurgeFlags, command: Command) => {
      const { runPurge } = await import('../actions/purge.js');
      await runPurge(flagsOf(command), context);
    });
}

const HELP = `
The queue of the platform, which records what was sent, is purged only when -Q names it.

Example:
  $ workertoolbox -A app.ts purge -Q export`;
