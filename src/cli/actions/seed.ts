import { seedTasks } from '../../platform/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl, withClient } from '../database-admin.js';
import type { GlobalOptions } from '../options/global-options.js';

export interface SeedFlags extends GlobalOptions {
  readonly database?: string;
  readonly tasks: number;
  readonly seed?: number;
  readonly families?: string;
  readonly days?: number;
  readonly force?: boolean;
}

export async function runSeed(flags: SeedFlags, { out, err }: CliContext): Promise<void> {
  const { tasks, seed, families, days, force } = flags;
  const from = performance.now();
  await withClient(await databaseUrl(flags), (client) =>
    seedTasks(client, {
      tasks,
      ...(seed !== undefined && { seed }),
      ...(families !== undefined && { families }),
      ...(days !== undefined && { days }),
      ...(force !== undefined && { force }),
      onProgress: (what, done, of) => err.write(`${done} of ${of} ${what}\n`),
    }),
  );
  out.write(`${tasks} tasks in ${((performance.now() - from) / 1000).toFixed(1)} s.\n`);
}
