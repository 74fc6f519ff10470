import { ToolboxError } from '../../base/index.js';
import { criticalPath } from '../../platform/index.js';
import { appFrom } from '../app-from.js';
import { type CliContext, coloursFor } from '../context.js';
import { familyTree } from '../family-tree.js';
import type { GlobalOptions } from '../options/global-options.js';
import { printJson, shown } from '../output.js';
import { askLedger } from '../platform-access.js';

export interface FamilyFlags extends GlobalOptions {
  readonly database?: string;
  readonly json?: boolean;
}

export async function runFamily(id: string, flags: FamilyFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { family, results } = await askLedger(app, flags.database, async (ledger) => ({
    family: await ledger.family(id),
    results: await ledger.overallResults(id),
  }));
  if (family === undefined) {
    throw new ToolboxError(
      'TASK_UNKNOWN',
      `no task ${id} was ever recorded; is sync-tasks running, and is this its database?`,
    );
  }
  if (flags.json)
    return printJson(context, { ...family, criticalPath: criticalPath(family.members), results });
  const colours = coloursFor(context.out, context.env);
  context.out.write(`${familyTree(family, colours)}\noverall: ${family.status}\n`);
  for (const { taskId, result } of results)
    context.out.write(`result of ${colours.dim(taskId)}: ${shown(result)}\n`);
}
