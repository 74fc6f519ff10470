import type { Command } from 'commander';
import type { EventsFlags } from '../actions/events.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';

export function eventsCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('events'))
    .description('show what workers do as it happens, until Ctrl+C')
    .option('-d, --dump', 'show every field')
    .option('-j, --json', 'one JSON object a line')
    .option('--pattern <key>', 'only events whose key matches: task.#, worker.#', '#')
    .addHelpText('after', HELP)
    .action(async (_flags: EventsFlags, command: Command) => {
      const { runEvents } = await import('../actions/events.js');
      await runEvents(flagsOf(command), context);
    });
}

const HELP = `
Workers send events of tasks when they are started with -E, or told so by: control enable_events.

Example:
  $ workertoolbox -A app.ts events --pattern 'task.#'`;
