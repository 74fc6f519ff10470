import { ToolboxError } from '../base/index.js';
import type { Parameters } from './parameters.js';

/**
 * Puts positional and keyword arguments into one list by Python's rules.
 *
 * @throws ToolboxError TASK_ARGUMENTS with Python's text for the same mistake.
 */
export function bindArguments(
  task: string,
  { names, required, rest }: Parameters,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
): unknown[] {
  if (args.length > names.length && !rest) throw mistake(task, tooMany(names.length, required, args.length));
  const bound = [...args];
  if (args.length >= required && isEmpty(kwargs)) return bound;
  const given = new Set(names.slice(0, args.length).keys());
  for (const [name, value] of Object.entries(kwargs)) {
    const at = names.indexOf(name);
    if (at === -1) throw mistake(task, `got an unexpected keyword argument '${name}'`);
    if (at < args.length) throw mistake(task, `got multiple values for argument '${name}'`);
    bound[at] = value;
    given.add(at);
  }
  const missing = [...names.keys()].filter((at) => at < required && !given.has(at));
  if (missing.length > 0)
    throw mistake(task, missingText(missing.map((at) => names[at] ?? `argument ${at + 1}`)));
  // Holes become undefined: the function's own defaults apply there.
  return Array.from(bound);
}

function isEmpty(kwargs: Readonly<Record<string, unknown>>): boolean {
  for (const _name in kwargs) return false;
  return true;
}

/** TASK_ARGUMENTS in Python's words: `add() takes ...`. */
export function mistake(task: string, text: string): ToolboxError {
  const name = task.slice(task.lastIndexOf('.') + 1);
  return new ToolboxError('TASK_ARGUMENTS', `${name}() ${text}`, { fields: { task } });
}

export function tooMany(most: number, least: number, given: number): string {
  const takes = least < most ? `from ${least} to ${most}` : `${most}`;
  return `takes ${takes} positional argument${most === 1 && least === most ? '' : 's'} but ${given} ${given === 1 ? 'was' : 'were'} given`;
}

function missingText(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.at(-1) ?? '';
  const list = quoted.length < 3 ? quoted.join(' and ') : `${quoted.slice(0, -1).join(', ')}, and ${last}`;
  return `missing ${names.length} required positional argument${names.length === 1 ? '' : 's'}: ${list}`;
}
