import type { Command } from 'commander';
import type { DemoFlags } from '../actions/demo.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { count, positive } from '../options/values.js';

export function demoCommand(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description(
      'export a land-records project with a broker, a database, sync-tasks and a worker, all on this machine',
    )
    .option('--out <folder>', 'where the export is written', 'demo-export')
    .option('--pace <ms>', 'milliseconds for each record, so that one can watch', count, 25)
    .option('--timeout <seconds>', 'give up after so long', positive, 55)
    .addHelpText('after', '\nThe last line is the path of the archive it made.')
    .action(async (_flags: DemoFlags, command: Command) => {
      const { runDemo } = await import('../actions/demo.js');
      await runDemo(flagsOf(command), context);
    });
}
