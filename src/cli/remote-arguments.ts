import { ToolboxError } from '../base/index.js';
import type { Command } from '../worker/index.js';

/** The arguments of a remote command, from the words of a command line. @throws CONFIG_INVALID when there are too many. */
export function remoteArguments(
  { name, args = [], variadic, signature = '' }: Command,
  words: readonly string[],
): Readonly<Record<string, unknown>> {
  const named = args.slice(0, words.length).map(([key, read], at) => {
    const value = read(words[at] ?? '');
    if (!Number.isNaN(value)) return [key, value];
    throw wrong(`${name} takes ${signature}: ${key} is not a number`);
  });
  const rest = words.slice(args.length);
  if (rest.length > 0 && variadic === undefined) {
    throw wrong(`${name} takes ${signature === '' ? 'no arguments' : signature}`);
  }
  return { ...(Object.fromEntries(named) as object), ...(variadic !== undefined && { [variadic]: rest }) };
}

/** The command of that kind and name. @throws CONFIG_INVALID naming those there are. */
export function remoteCommand(commands: readonly Command[], kind: Command['kind'], name: string): Command {
  const offered = offeredCommands(commands, kind);
  const found = offered.find((command) => command.name === name || command.alias === name);
  if (found !== undefined) return found;
  throw wrong(`${kind} has no command ${name}; it has ${offered.map((command) => command.name).join(', ')}`);
}

export const offeredCommands = (commands: readonly Command[], kind: Command['kind']): readonly Command[] =>
  commands.filter((command) => command.kind === kind && command.hidden !== true);

const wrong = (text: string): ToolboxError => new ToolboxError('CONFIG_INVALID', text);
