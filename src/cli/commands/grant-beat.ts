import type { Command } from 'commander';
import type { GrantBeatFlags } from '../actions/grant-beat.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';

export function grantBeatCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('grant-beat <role>'))
    .description('give a role what beat needs to keep its schedule in the database')
    .option('--database <url>', 'database, with a role that may grant (default: the result backend of -A)')
    .option('--print-sql', 'print the statements and run nothing')
    .action(async (role: string, _flags: GrantBeatFlags, command: Command) => {
      const { runGrantBeat } = await import('../actions/grant-beat.js');
      await runGrantBeat(role, flagsOf(command), context);
    });
}
