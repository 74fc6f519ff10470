import { isReady, PROPAGATE_STATES, redact, type ToolboxError } from '../base/index.js';
import { errorFrom, type TaskMeta } from '../results/index.js';
import { type CliContext, coloursFor } from './context.js';
import { printable, shown } from './output.js';

/** The error a task ended with, or why its result cannot be read; undefined when there is none. */
export const failureOf = (meta: TaskMeta): ToolboxError | undefined =>
  PROPAGATE_STATES.has(meta.status) ? errorFrom(meta) : meta.unreadable;

export const printValue = ({ out }: CliContext, value: unknown): void => void out.write(`${shown(value)}\n`);

/** A result as data: what a task returned as it is; what it failed with may hold passwords, which nobody meant to store. */
export const resultData = ({ status, result }: TaskMeta): unknown =>
  PROPAGATE_STATES.has(status) ? redact(result) : result;

/** State and value, or what went wrong, in one line. */
export function printState(context: CliContext, meta: TaskMeta): void {
  const colours = coloursFor(context.out, context.env);
  const failure = failureOf(meta);
  const said = failure === undefined ? shown(meta.result) : printable(reasonOf(failure));
  const paint = failure !== undefined ? colours.red : isReady(meta.status) ? colours.green : colours.cyan;
  const nothing = failure === undefined && meta.result === null;
  context.out.write(`${paint(meta.status)}${nothing ? '' : `  ${said}`}\n`);
}

/** The message of the exception, without the sentence around it that names the task. */
function reasonOf({ message, fields }: ToolboxError): string {
  const { type, args } = fields;
  if (typeof type !== 'string' || !Array.isArray(args)) return message;
  return `${type}: ${args.map((each) => (typeof each === 'string' ? each : shown(each))).join(', ')}`;
}
