import { type Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../base/index.js';
import { parseLiteral } from '../../toolbox/index.js';
import { type CliContext, coloursFor } from '../context.js';
import { appFrom, type GlobalOptions } from '../global-options.js';
import { printJson, shown } from '../output.js';
import { count, seconds } from './worker.js';

interface CallFlags extends GlobalOptions {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly eta?: string;
  readonly countdown?: number;
  readonly expires?: string;
  readonly queue?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly priority?: number;
  readonly serializer?: string;
  readonly taskId?: string;
  readonly property?: Readonly<Record<string, unknown>>;
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly json?: boolean;
}

function literal(text: string): unknown {
  try {
    return parseLiteral(text);
  } catch (error) {
    throw new InvalidArgumentError(`expected JSON: ${messageOf(error)}`);
  }
}
const list = (text: string): readonly unknown[] => {
  const value = literal(text);
  if (Array.isArray(value)) return value;
  throw new InvalidArgumentError('expected a list: [1, 2]');
};
const mapping = (text: string): Readonly<Record<string, unknown>> => {
  const value = literal(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new InvalidArgumentError('expected an object: {"x": 1}');
};

export function callCommand(program: Command, context: CliContext): void {
  program
    .command('call <task>')
    .description('send a task by name and print its id')
    .option('-a, --args <json>', 'positional arguments', list)
    .option('-k, --kwargs <json>', 'keyword arguments', mapping)
    .option('--countdown <seconds>', 'run so many seconds from now', seconds)
    .option('--eta <time>', 'run at this ISO time')
    .option('--expires <time>', 'discard after so many seconds, or after this ISO time')
    .option('--queue <name>', 'queue')
    .option('--exchange <name>', 'exchange')
    .option('--routing-key <key>', 'routing key')
    .option('--priority <n>', 'priority', count)
    .option('--serializer <name>', 'serializer of the message')
    .option('--task-id <id>', 'id instead of a new one')
    .option('--property <json>', 'further options, which travel as message properties', mapping)
    .option('-w, --wait', 'wait for the result and print it')
    .option('--timeout <seconds>', 'wait at most so long', seconds)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ workertoolbox -A app.ts call math.add --args "[2, 3]" --wait')
    .action(async (task: string, _flags: CallFlags, command: Command) =>
      runCall(task, command.optsWithGlobals(), context),
    );
}

async function runCall(task: string, flags: CallFlags, context: CliContext): Promise<void> {
  const app = await appFrom(flags);
  const { args = [], kwargs = {}, wait, timeout, json } = flags;
  try {
    const result = await app.send({ task, args, kwargs, options: callOptions(flags) });
    if (wait !== true) {
      if (json) printJson(context, { id: result.id });
      else context.out.write(`${result.id}\n`);
      return;
    }
    if (!json) context.err.write(`${coloursFor(context).dim(result.id)}\n`);
    const value = await result.get(timeout === undefined ? {} : { timeout });
    if (json) printJson(context, { id: result.id, status: 'SUCCESS', result: value });
    else context.out.write(`${shown(value)}\n`);
  } finally {
    await app.close();
  }
}

function callOptions(flags: CallFlags): Record<string, unknown> {
  const { expires, taskId, routingKey, property } = flags;
  const named = {
    countdown: flags.countdown,
    eta: flags.eta,
    expires: expires !== undefined && /^\d+(\.\d+)?$/.test(expires) ? Number(expires) : expires,
    queue: flags.queue,
    exchange: flags.exchange,
    routing_key: routingKey,
    priority: flags.priority,
    serializer: flags.serializer,
    task_id: taskId,
  };
  return {
    ...property,
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
  };
}
