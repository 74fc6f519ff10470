import type { Command } from 'commander';
import type { ResultFlags } from '../actions/result.js';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { seconds } from '../options/values.js';

export function resultCommand(program: Command, context: CliContext): void {
  addGlobalOptions(program.command('result <task-id>'))
    .description('print the state and the result of a task; exit code 1 when it failed or was revoked')
    .option('-w, --wait', 'wait until it is there')
    .option('--timeout <seconds>', 'wait at most so long', seconds)
    .option('--traceback', 'print the traceback of a failure as well')
    .option('--json', 'print JSON')
    .action(async (id: string, _flags: ResultFlags, command: Command) => {
      const { runResult } = await import('../actions/result.js');
      await runResult(id, flagsOf(command), context);
    });
}
