import type { ExchangeType, Queue } from '../../../messaging/index.js';
import { textArgument } from '../arguments.js';
import { type Command, type CommandArguments, CommandError, ok } from '../command.js';
import { queueObject } from '../queue-object.js';

const TYPES: readonly ExchangeType[] = ['direct', 'topic', 'fanout'];

export const queueCommands: readonly Command[] = [
  {
    name: 'active_queues',
    kind: 'inspect',
    help: 'The queues consumed from.',
    run: (_, { worker }) => worker.queues.map(queueObject),
  },
  {
    name: 'add_consumer',
    kind: 'control',
    help: 'Consume from a further queue.',
    signature: '<queue> [exchange [type [routing_key]]]',
    args: [
      ['queue', String],
      ['exchange', String],
      ['exchange_type', String],
      ['routing_key', String],
    ],
    run: async (args, { app, worker }) => {
      const name = textArgument(args, 'queue');
      await worker.addQueue(app.queues.find((queue) => queue.name === name) ?? described(name, args));
      return ok(`add consumer ${name}`);
    },
  },
  {
    name: 'cancel_consumer',
    kind: 'control',
    help: 'Consume from a queue no longer.',
    signature: '<queue>',
    args: [['queue', String]],
    run: async (args, { worker }) => {
      const name = textArgument(args, 'queue');
      await worker.cancelQueue(name);
      return ok(`no longer consuming from ${name}`);
    },
  },
];

/** A queue the app does not know, as the command describes it. */
function described(name: string, { exchange, exchange_type, routing_key }: CommandArguments): Queue {
  const type = TYPES.find((one) => one === (exchange_type || 'direct'));
  if (type === undefined) {
    throw new CommandError('ValueError', `exchange_type: expected one of ${TYPES.join(', ')}`);
  }
  return {
    name,
    exchange: { name: typeof exchange === 'string' && exchange !== '' ? exchange : name, type },
    routingKey: typeof routing_key === 'string' && routing_key !== '' ? routing_key : name,
  };
}
