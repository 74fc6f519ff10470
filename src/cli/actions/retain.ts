import { silentLogger } from '../../base/index.js';
import { type Forgotten, forgetTasks, postgresDatabase } from '../../platform/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl } from '../database-admin.js';
import type { GlobalOptions } from '../options/global-options.js';
import { printJson } from '../output.js';

export interface RetainFlags extends GlobalOptions {
  readonly database?: string;
  /** Seconds. */
  readonly olderThan: number;
  readonly state?: readonly string[];
  readonly type?: string;
  readonly withResults?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Milliseconds between two lines of progress. */
const PROGRESS_MS = 2000;

export async function runRetain(flags: RetainFlags, context: CliContext): Promise<void> {
  const { olderThan, state, type, withResults = false, dryRun = false, json } = flags;
  const database = postgresDatabase({ url: await databaseUrl(flags), logger: silentLogger });
  const before = new Date(Date.now() - olderThan * 1000);
  let said = performance.now();
  try {
    const forgotten = await forgetTasks(database, {
      before,
      withResults,
      dryRun,
      ...(state !== undefined && { states: state }),
      ...(type !== undefined && { type }),
      onProgress: (sofar) => {
        if (performance.now() - said < PROGRESS_MS) return;
        said = performance.now();
        context.err.write(`${figures(sofar)} so far\n`);
      },
    });
    if (json) printJson(context, { before: before.toISOString(), dry_run: dryRun, ...forgotten });
    else context.out.write(report(forgotten, dryRun, before));
  } finally {
    await database.close();
  }
}

const figures = ({ families, tasks, results }: Forgotten): string =>
  `${tasks} tasks of ${families} families and ${results} results`;

function report(forgotten: Forgotten, dryRun: boolean, before: Date): string {
  const kept =
    forgotten.kept === 0
      ? ''
      : `Kept ${forgotten.kept} families: something refers to them, or they changed meanwhile.\n`;
  return `${dryRun ? 'Would remove' : 'Removed'} ${figures(forgotten)}, ended before ${before.toISOString()}.\n${kept}`;
}
