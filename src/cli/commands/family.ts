import type { Command } from 'commander';
import type { FamilyFlags } from '../actions/family.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions, databaseOption } from '../options/global-options.js';

export function familyCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('family <task-id>'))
    .description('print the family of a task as a tree, with states and times, and its results')
    .addOption(databaseOption('platform database (default: the one of the result backend)'))
    .option('--json', 'print JSON')
    .action(async (id: string, _flags: FamilyFlags, command: Command) => {
      const { runFamily } = await import('../actions/family.js');
      await runFamily(id, flagsOf(command), context);
    });
}
