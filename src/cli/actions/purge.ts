import { createInterface } from 'node:readline/promises';
import { hasCode, ToolboxError } from '../../base/index.js';
import type { Transport } from '../../messaging/index.js';
import { appFrom } from '../app-from.js';
import type { CliContext } from '../context.js';
import { CommandFailed } from '../failure.js';
import type { GlobalOptions } from '../options/global-options.js';

export interface PurgeFlags extends GlobalOptions {
  readonly force?: boolean;
  readonly queues?: readonly string[];
  readonly excludeQueues?: readonly string[];
}

export async function runPurge(
  { force = false, queues, excludeQueues = [], ...flags }: PurgeFlags,
  context: CliContext,
): Promise<void> {
  const app = await appFrom(flags);
  try {
    const known = app.queues.filter(({ tap }) => tap !== true).map(({ name }) => name);
    const names = [...new Set(queues ?? known)].filter((name) => !excludeQueues.includes(name)).sort();
    if (names.length === 0) throw new ToolboxError('CONFIG_INVALID', 'no queue is left to purge');
    if (!force) await confirmed(names, context);
    const broker = await app.broker();
    let messages = 0;
    for (const name of names) messages += await purged(broker, name);
    const of = `${names.length} ${names.length === 1 ? 'queue' : 'queues'}`;
    const count = `${messages} ${messages === 1 ? 'message' : 'messages'}`;
    context.out.write(messages === 0 ? `No messages purged from ${of}.\n` : `Purged ${count} from ${of}.\n`);
  } finally {
    await app.close();
  }
}

/** A queue that does not exist is empty. */
async function purged(broker: Transport, name: string): Promise<number> {
  try {
    return await broker.purge(name);
  } catch (error) {
    if (hasCode(error, 'NOT_DECLARED')) return 0;
    throw error;
  }
}

async function confirmed(names: readonly string[], { out }: CliContext): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      'purge asks on a terminal only: give -f to purge without being asked',
    );
  }
  const asking = createInterface({ input: process.stdin, output: out });
  try {
    const answer = await asking.question(
      `This deletes all messages of: ${names.join(', ')}. There is no way back.\nAre you sure? [y/N] `,
    );
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailed();
  } finally {
    asking.close();
  }
}
