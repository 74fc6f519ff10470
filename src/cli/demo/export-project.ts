import { existsSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { silentLogger, systemClock, ToolboxError } from '../../base/index.js';
import { Ledger, type OverallResult, postgresDatabase } from '../../platform/index.js';
import { type CliContext, coloursFor } from '../context.js';
import type { EmbeddedSystem } from '../embedded/embedded-system.js';
import { familyTree } from '../family-tree.js';
import { loadApp } from '../load-app.js';
import { aborted } from '../stop-signal.js';
import { Labels } from './labels.js';
import { ProgressLines } from './progress-lines.js';
import { rowsOf } from './tables.js';
import { watchExport } from './watch-export.js';

const PROJECT = {
  org_slug: 'highland-land-trust',
  project_slug: 'ngara-valley',
  api_key: 'demo',
  output_type: 'all',
};

export interface ExportOptions {
  /** Path of the app's module. */
  readonly app: string;
  readonly system: EmbeddedSystem;
  readonly context: CliContext;
  /** Resolves when the programs that do the work are there. */
  readonly ready: Promise<unknown>;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Sends an export as a platform would, shows its progress, then what both tables hold and where the archive is. */
export async function exportProject({
  app: path,
  system,
  context,
  ready,
  signal,
}: ExportOptions): Promise<void> {
  const colours = coloursFor(context.out, context.env);
  const say = (text: string): void => void context.out.write(`${text}\n`);
  const app = (await loadApp(path)).configFromObject({
    broker_url: system.broker,
    result_backend: system.resultBackend,
  });
  const database = postgresDatabase({ url: system.database, logger: silentLogger });
  const ledger = new Ledger({ database, results: () => app.backend() });
  try {
    await Promise.race([ready, aborted(signal)]);
    say(
      colours.bold(
        `2. Exporting ${PROJECT.org_slug}/${PROJECT.project_slug}: shapefile, spreadsheet and resources, packed by a chord`,
      ),
    );
    const backend = await app.backend();
    if (backend === undefined)
      throw new ToolboxError('RESULT_DISABLED', 'the export app has no result backend');
    const { id } = await app.send({ task: 'export.project', args: [], kwargs: PROJECT, options: {} });
    const lines = new ProgressLines(context.out, colours);
    const labels = new Labels(database);
    const family = await watchExport({
      rootId: id,
      ledger,
      backend,
      labels,
      lines,
      signal,
      clock: systemClock,
    });
    say(colours.bold('3. The family of the export, as the platform sees it'));
    say(familyTree(family, colours));
    say(colours.bold('4. The rows in both tables'));
    say(await rowsOf(database, id));
    const archive = archiveOf(await ledger.overallResults(id), family.status);
    say(colours.bold(`5. Done: ${family.members.length} tasks, ${statSync(archive).size} bytes`));
    say(pathFromHere(archive));
  } finally {
    await Promise.allSettled([ledger.close(), app.close()]);
  }
}

function archiveOf([result]: readonly OverallResult[], status: string): string {
  if (result?.status === 'SUCCESS' && typeof result.result === 'string' && existsSync(result.result))
    return result.result;
  throw new ToolboxError('TASK_FAILED', `the export ended in ${status} and made no archive`);
}

/** As one would type it: relative below the current folder. */
function pathFromHere(path: string): string {
  const here = relative('', path);
  return here.startsWith('..') ? resolve(path) : here;
}
