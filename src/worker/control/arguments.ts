import { type CommandArguments, CommandError } from './command.js';

/** Readers of what strangers send. Each throws what Python would say, naming the argument. */
export function textArgument(args: CommandArguments, name: string): string {
  const value = args[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new CommandError('TypeError', `missing required argument: '${name}' (a string)`);
}

/** One text, or a list of them. */
export function textsArgument(args: CommandArguments, name: string): readonly string[] {
  const value = args[name] ?? [];
  const list = Array.isArray(value) ? value : [value];
  if (list.every((item) => typeof item === 'string')) return [...new Set(list)];
  throw new CommandError('TypeError', `argument '${name}': expected a string or a list of strings`);
}

/** Undefined when it is absent or null. Text is read as a number: command lines send it so. */
export function numberArgument(args: CommandArguments, name: string): number | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new CommandError('ValueError', `argument '${name}': expected a number`);
}

/** True for whatever Python takes for true: Flower sends 1. */
export const flagArgument = (args: CommandArguments, name: string): boolean => Boolean(args[name]);
