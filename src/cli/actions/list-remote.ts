import { COMMANDS, type Command } from '../../worker/index.js';
import type { CliContext } from '../context.js';
import { table } from '../output.js';
import { offeredCommands } from '../remote-arguments.js';

/** Prints the remote commands of a kind. */
export function listRemote(kind: Command['kind'], { out }: CliContext): void {
  const rows = offeredCommands(COMMANDS, kind).map(({ name, signature = '', help }) => [
    `${name} ${signature}`.trim(),
    help,
  ]);
  out.write(`${table(rows)}\n`);
}
