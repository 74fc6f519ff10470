import { broadcast, type Replies } from '../../remote/index.js';
import { COMMANDS, type Command } from '../../worker/index.js';
import { appFrom } from '../app-from.js';
import { type CliContext, coloursFor } from '../context.js';
import { CommandFailed, NobodyReplied } from '../failure.js';
import type { RemoteFlags } from '../options/remote-options.js';
import { printable } from '../output.js';
import { remoteArguments, remoteCommand } from '../remote-arguments.js';

/** `inspect` and `control`: sends the command, prints each answer as it comes. */
export async function runRemote(
  kind: Command['kind'],
  name: string,
  words: readonly string[],
  flags: RemoteFlags,
  context: CliContext,
): Promise<void> {
  const command = remoteCommand(COMMANDS, kind, name);
  const args = remoteArguments(command, words);
  const answerless = command.name === 'shutdown';
  const replies = await ask(command.name, args, flags, context, true, !answerless);
  if (flags.json) context.out.write(`${JSON.stringify(replies)}\n`);
  else if (kind === 'inspect') context.out.write(`\n${online(replies)}\n`);
  if (!answerless && Object.values(replies).every(isError)) throw new CommandFailed();
}

/** `status`: who is there. */
export async function runStatus(flags: RemoteFlags, context: CliContext): Promise<void> {
  const replies = await ask('ping', {}, flags, context, false, true);
  context.out.write(flags.json ? `${JSON.stringify(replies)}\n` : `\n${online(replies)}\n`);
}

async function ask(
  method: string,
  args: Readonly<Record<string, unknown>>,
  { destination, timeout, json, ...flags }: RemoteFlags,
  context: CliContext,
  bodies: boolean,
  reply: boolean,
): Promise<Replies> {
  const app = await appFrom(flags);
  try {
    const replies = await broadcast(app, method, args, {
      timeout,
      reply,
      ...(destination && { destination }),
      ...(!json && { onReply: (node, answer) => say(context, node, answer, bodies) }),
    });
    if (reply && Object.keys(replies).length === 0) throw new NobodyReplied();
    return replies;
  } finally {
    await app.close();
  }
}

function say(context: CliContext, node: string, answer: unknown, body: boolean): void {
  const colours = coloursFor(context.out, context.env);
  const state = isError(answer) ? colours.red('ERROR') : colours.green('OK');
  const lines = body ? linesOf(answer).map((line) => `        ${printable(line)}\n`) : [];
  context.out.write(`->  ${colours.bold(colours.cyan(printable(node)))}: ${state}\n${lines.join('')}`);
}

function linesOf(answer: unknown): readonly string[] {
  if (Array.isArray(answer)) {
    if (answer.length === 0) return ['- empty -'];
    return answer.map((item) => `* ${typeof item === 'string' ? item : JSON.stringify(item)}`);
  }
  const { ok, error } = (answer ?? {}) as { readonly ok?: unknown; readonly error?: unknown };
  const said = ok ?? error ?? answer;
  return (typeof said === 'string' ? said : JSON.stringify(said, undefined, 4)).split('\n');
}

const isError = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'error' in answer;

function online(replies: Replies): string {
  const count = Object.keys(replies).length;
  return `${count} ${count === 1 ? 'node' : 'nodes'} online.`;
}
