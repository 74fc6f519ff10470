import { z } from 'zod';
import type { Queue } from '../../messaging/index.js';
import { type Kind, kind } from './kind.js';

const exchange = z.object({
  name: z.string(),
  type: z.enum(['direct', 'topic', 'fanout']),
  durable: z.boolean().optional(),
});

const queue = z.object({
  name: z.string().min(1),
  exchange,
  routingKey: z.string(),
  durable: z.boolean().optional(),
  alias: z.string().optional(),
  autoDelete: z.boolean().optional(),
  exclusive: z.boolean().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  consumerArguments: z.record(z.string(), z.unknown()).optional(),
  tap: z.boolean().optional(),
}) as unknown as z.ZodType<Queue>;

// Celery's mapping form: name -> { exchange, exchange_type, routing_key | binding_key }, and the options of kombu.Queue.
const byName = z.record(
  z.string().min(1),
  z.object({
    exchange: z.string().optional(),
    exchange_type: z.enum(['direct', 'topic', 'fanout']).optional(),
    routing_key: z.string().optional(),
    binding_key: z.string().optional(),
    durable: z.boolean().optional(),
    auto_delete: z.boolean().optional(),
    exclusive: z.boolean().optional(),
    expires: z.number().positive().optional(),
    message_ttl: z.number().min(0).optional(),
    max_length: z.int().min(0).optional(),
    max_length_bytes: z.int().min(0).optional(),
    max_priority: z.int().min(0).max(255).optional(),
    queue_arguments: z.record(z.string(), z.unknown()).optional(),
    consumer_arguments: z.record(z.string(), z.unknown()).optional(),
  }),
);

type Given = z.output<typeof byName>[string];

const fromMapping = (map: z.output<typeof byName>): Queue[] =>
  Object.entries(map).map(([name, given]) => ({
    name,
    exchange: {
      name: given.exchange ?? name,
      type: given.exchange_type ?? 'direct',
      ...defined({ durable: given.durable }),
    },
    routingKey: given.binding_key ?? given.routing_key ?? name,
    ...defined({
      durable: given.durable,
      autoDelete: given.auto_delete,
      exclusive: given.exclusive,
      arguments: argumentsOf(given),
      consumerArguments: given.consumer_arguments,
    }),
  }));

/** kombu's short names of RabbitMQ's arguments; it takes times in seconds. */
function argumentsOf(given: Given): Record<string, unknown> | undefined {
  const all = {
    ...given.queue_arguments,
    ...defined({
      'x-expires': milliseconds(given.expires),
      'x-message-ttl': milliseconds(given.message_ttl),
      'x-max-length': given.max_length,
      'x-max-length-bytes': given.max_length_bytes,
      'x-max-priority': given.max_priority,
    }),
  };
  return Object.keys(all).length === 0 ? undefined : all;
}

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.trunc(seconds * 1000);

const defined = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

const unique = (queues: readonly Queue[]): boolean =>
  new Set(queues.map(({ name }) => name)).size === queues.length;

/** What may be given as `task_queues`. */
export type QueuesInput = Iterable<Queue> | Readonly<Record<string, object>>;

/** The queues in order, each name once; given as an array or set of queues, or as Celery's mapping. */
export const queues: Kind<readonly Queue[], QueuesInput> = kind(
  z
    .preprocess(
      (given) => (given instanceof Set ? [...given] : given),
      z.union([z.array(queue), byName.transform(fromMapping)]),
    )
    .refine(unique, 'each queue name once') as unknown as z.ZodType<readonly Queue[], QueuesInput>,
  'a list or set of queues { name, exchange: { name, type }, routingKey }, each name once',
);
