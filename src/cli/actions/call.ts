import { messageOf, ToolboxError } from '../../base/index.js';
import { parseLiteral } from '../../toolbox/index.js';
import { appFrom } from '../app-from.js';
import { type CliContext, coloursFor } from '../context.js';
import type { GlobalOptions } from '../options/global-options.js';
import { printJson } from '../output.js';
import { failureOf, printValue, resultData } from '../show-result.js';

export interface CallFlags extends GlobalOptions {
  readonly args?: string;
  readonly kwargs?: string;
  readonly eta?: string;
  readonly countdown?: number;
  readonly expires?: number | string;
  readonly queue?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly priority?: number;
  readonly serializer?: string;
  readonly taskId?: string;
  readonly property?: string;
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly json?: boolean;
}

export async function runCall(task: string, flags: CallFlags, context: CliContext): Promise<void> {
  const { wait, timeout, json } = flags;
  const args = list('--args', flags.args ?? '[]');
  const kwargs = mapping('--kwargs', flags.kwargs ?? '{}');
  const options = { ...mapping('--property', flags.property ?? '{}'), ...callOptions(flags) };
  const app = await appFrom(flags);
  try {
    const result = await app.send({ task, args, kwargs, options });
    if (wait !== true) {
      if (json) printJson(context, { id: result.id });
      else context.out.write(`${result.id}\n`);
      return;
    }
    if (!json) context.err.write(`${coloursFor(context.err, context.env).dim(result.id)}\n`);
    await result.get({ propagate: false, ...(timeout !== undefined && { timeout }) });
    const meta = await result.result();
    const failure = failureOf(meta);
    if (json) printJson(context, { id: result.id, status: meta.status, result: resultData(meta) });
    if (failure !== undefined) throw failure;
    if (!json) printValue(context, meta.result);
  } finally {
    await app.close();
  }
}

function list(option: string, text: string): readonly unknown[] {
  const value = literal(option, text);
  if (Array.isArray(value)) return value;
  throw invalid(option, 'expected a list such as [1, 2]');
}

function mapping(option: string, text: string): Readonly<Record<string, unknown>> {
  const value = literal(option, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalid(option, 'expected an object such as {"x": 1}');
}

function literal(option: string, text: string): unknown {
  try {
    return parseLiteral(text);
  } catch (error) {
    throw invalid(option, `expected JSON or a Python literal: ${messageOf(error)}`);
  }
}

const invalid = (option: string, what: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `${option}: ${what}`, { fields: { option } });

function callOptions(flags: CallFlags): Record<string, unknown> {
  const named = {
    countdown: flags.countdown,
    eta: flags.eta,
    expires: flags.expires,
    queue: flags.queue,
    exchange: flags.exchange,
    routing_key: flags.routingKey,
    priority: flags.priority,
    serializer: flags.serializer,
    task_id: flags.taskId,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}
