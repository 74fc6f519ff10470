import type { Command } from 'commander';
import { type CliContext, coloursFor } from '../context.js';
import { CommandFailed } from '../failure.js';
import { familyTree } from '../family-tree.js';
import { appFrom, databaseOption, type GlobalOptions } from '../global-options.js';
import { printJson, shown } from '../output.js';
import { askLedger } from '../platform-access.js';

interface FamilyFlags extends GlobalOptions {
  readonly database?: string;
  readonly json?: boolean;
}

export function familyCommand(program: Command, context: CliContext): void {
  program
    .command('family <task-id>')
    .description('print the family of a task as a tree, with states and times, and its results')
    .addOption(databaseOption('platform database (default: the one of the result backend)'))
    .option('--json', 'print JSON')
    .action(async (id: string, _flags: FamilyFlags, command: Command) => {
      const { database, json, ...globals } = command.optsWithGlobals<FamilyFlags>();
      const app = await appFrom(globals);
      const found = await askLedger(app, database, async (ledger) => ({
        family: await ledger.family(id),
        results: await ledger.overallResults(id),
      }));
      if (found.family === undefined) {
        context.err.write(`workertoolbox: no task ${id} was ever recorded\n`);
        throw new CommandFailed();
      }
      if (json) return printJson(context, { ...found.family, results: found.results });
      const colours = coloursFor(context);
      context.out.write(`${familyTree(found.family, colours)}\n`);
      context.out.write(`overall: ${found.family.status}\n`);
      for (const { taskId, result } of found.results)
        context.out.write(`result of ${colours.dim(taskId)}: ${shown(result)}\n`);
    });
}
