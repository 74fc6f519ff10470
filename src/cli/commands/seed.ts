import type { Command } from 'commander';
import type { SeedFlags } from '../actions/seed.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { count, positive } from '../options/values.js';

export function seedCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('seed'))
    .description('fill the tables with tasks as a platform has them, for tests and measurements')
    .option('--database <url>', 'database, migrated, with the role that owns its tables')
    .requiredOption('--tasks <n>', 'how many', positive)
    .option('--seed <n>', 'the same seed makes the same tasks (default 7)', count)
    .option(
      '--families <list>',
      'kind:size:share,… with the kinds single, chain and chord, as in chord:4-12:25',
    )
    .option('--days <n>', 'days the tasks are spread over (default 90)', positive)
    .option('--force', 'also where there are tasks that no seed made')
    .action(async (_flags: SeedFlags, command: Command) => {
      const { runSeed } = await import('../actions/seed.js');
      await runSeed(flagsOf(command), context);
    });
}
