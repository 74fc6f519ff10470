import type { Command } from 'commander';
import type { CheckFlags } from '../actions/check.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';

export function checkCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('check'))
    .description(
      'check that the app conforms with the architecture, and that broker and databases can be used',
    )
    .option('--offline', 'only what needs no server')
    .option('--producer', 'the app only produces tasks: leave out what concerns workers')
    .option('--database [url]', 'check the platform database too (default: the one of the result backend)')
    .option('--json', 'print JSON')
    .action(async (_flags: CheckFlags, command: Command) => {
      const { runCheck } = await import('../actions/check.js');
      await runCheck(flagsOf(command), context);
    });
}
