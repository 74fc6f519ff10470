import type { Command as Program } from 'commander';
import type { CliContext } from '../context.js';
import { flagsOf } from '../options/flags.js';
import { addGlobalOptions } from '../options/global-options.js';
import { addRemoteOptions, type RemoteFlags } from '../options/remote-options.js';

const WHERE =
  'Works on RabbitMQ and Redis, and elsewhere through a PostgreSQL database (CONTROL_DB_URL, or the result backend).';

export const inspectCommand = (program: Program, context: CliContext): void =>
  remoteProgram(program, context, 'inspect', 'ask workers what they are and do', [
    '$ workertoolbox -A app.ts inspect active',
    '$ workertoolbox -A app.ts inspect query_task 3e0e0d5c-9bb5-4b9e-b4a3-9d0f0f5f8f5a --json',
  ]);

export const controlCommand = (program: Program, context: CliContext): void =>
  remoteProgram(program, context, 'control', 'tell workers to change what they do', [
    '$ workertoolbox -A app.ts control rate_limit export.project 10/m',
    '$ workertoolbox -A app.ts control -d export@host1 pool_grow 2',
  ]);

function remoteProgram(
  program: Program,
  context: CliContext,
  kind: 'inspect' | 'control',
  description: string,
  examples: readonly string[],
): void {
  addRemoteOptions(addGlobalOptions(program.command(`${kind} [command] [args...]`)))
    .description(`${description}; exit code 69 when no worker answers`)
    .option('--list', 'list the commands')
    .addHelpText('after', `\n${WHERE}\n\nExamples:\n  ${examples.join('\n  ')}`)
    .action(async (name: string | undefined, words: string[], _flags: unknown, command: Program) => {
      const { list, ...flags } = flagsOf<RemoteFlags & { readonly list?: boolean }>(command);
      const { runRemote } = await import('../actions/remote.js');
      const { listRemote } = await import('../actions/list-remote.js');
      if (list || name === undefined) listRemote(kind, context);
      else await runRemote(kind, name, words, flags, context);
    });
}

export function statusCommand(program: Program, context: CliContext): void {
  addRemoteOptions(addGlobalOptions(program.command('status')))
    .description('show which workers are there; exit code 69 when none is')
    .addHelpText('after', `\n${WHERE}\n\nExample:\n  $ workertoolbox -A app.ts status --timeout 2`)
    .action(async (_flags: unknown, command: Program) => {
      const { runStatus } = await import('../actions/remote.js');
      await runStatus(flagsOf(command), context);
    });
}
