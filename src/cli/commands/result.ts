import type { Command } from 'commander';
import { isReady, PROPAGATE_STATES } from '../../base/index.js';
import { type CliContext, coloursFor } from '../context.js';
import { CommandFailed } from '../failure.js';
import { appFrom, type GlobalOptions } from '../global-options.js';
import { printJson, shown } from '../output.js';
import { seconds } from './worker.js';

interface ResultFlags extends GlobalOptions {
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly traceback?: boolean;
  readonly json?: boolean;
}

export function resultCommand(program: Command, context: CliContext): void {
  program
    .command('result <task-id>')
    .description('print the state and the result of a task; exit code 1 when it failed or was revoked')
    .option('-w, --wait', 'wait until it is there')
    .option('--timeout <seconds>', 'wait at most so long', seconds)
    .option('--traceback', 'print the traceback of a failure as well')
    .option('--json', 'print JSON')
    .action(async (id: string, _flags: ResultFlags, command: Command) => {
      const { wait, timeout, traceback, json, ...globals } = command.optsWithGlobals<ResultFlags>();
      const app = await appFrom(globals);
      try {
        const result = app.asyncResult(id);
        if (wait) await result.get({ propagate: false, ...(timeout !== undefined && { timeout }) });
        const meta = await result.result();
        const colours = coloursFor(context);
        const failed = PROPAGATE_STATES.has(meta.status);
        if (json) printJson(context, meta);
        else {
          const paint = failed ? colours.red : isReady(meta.status) ? colours.green : colours.cyan;
          context.out.write(
            `${paint(meta.status)}${meta.result === null ? '' : `  ${shown(meta.result)}`}\n`,
          );
          if (traceback && meta.traceback !== null) context.out.write(`${meta.traceback}\n`);
        }
        if (failed) throw new CommandFailed();
      } finally {
        await app.close();
      }
    });
}
