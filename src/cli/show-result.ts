import { isReady, PROPAGATE_STATES, type ToolboxError } from '../base/index.js';
import { errorFrom, type TaskMeta } from '../results/index.js';
import { type CliContext, coloursFor } from './context.js';
import { shown } from './output.js';

/** The error a task ended with, or why its result cannot be read; undefined when there is none. */
export const failureOf = (meta: TaskMeta): ToolboxError | undefined =>
  PROPAGATE_STATES.has(meta.status) ? errorFrom(meta) : meta.unreadable;

export const printValue = ({ out }: CliContext, value: unknown): void => void out.write(`${shown(value)}\n`);

/** State and value in one line. */
export function printState(context: CliContext, meta: TaskMeta): void {
  const colours = coloursFor(context.out, context.env);
  const paint = PROPAGATE_STATES.has(meta.status)
    ? colours.red
    : isReady(meta.status)
      ? colours.green
      : colours.cyan;
  context.out.write(`${paint(meta.status)}${meta.result === null ? '' : `  ${shown(meta.result)}`}\n`);
}
