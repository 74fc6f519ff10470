import { type Command, Option } from 'commander';
import type { BeatFlags } from '../actions/beat.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { addLogOptions } from '../options/log-options.js';
import { seconds } from '../options/values.js';

export function beatCommand(program: Command, context: CliContext): void {
  addLogOptions(addGlobalOptions(program.command('beat')))
    .description('send the tasks of the schedule when they are due')
    .option('-s, --schedule <file>', 'where entries and their progress are kept, on one machine')
    .addOption(
      new Option('--store <store>', 'keep them in: memory, file, postgres (the result database), or a URL')
        .env('WORKERTOOLBOX_BEAT_STORE')
        .conflicts('schedule'),
    )
    .option('--max-interval <seconds>', 'longest pause between looks at the schedule', seconds)
    .option('--lease <seconds>', 'how long the others wait for a leader that is silent', seconds, 15)
    .option('--list', 'print the entries with their next times, and end; with --json as data')
    .addHelpText('after', HELP)
    .action(async (_flags: BeatFlags, command: Command) => {
      const { runBeat } = await import('../actions/beat.js');
      await runBeat(flagsOf(command), context);
    });
}

const HELP = `
Several may run on one store: one of them sends, another takes over when it falls silent.

Example:
  $ workertoolbox -A app.ts beat --store postgres`;
