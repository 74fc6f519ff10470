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
  autoDelete: z.boolean().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  tap: z.boolean().optional(),
}) as unknown as z.ZodType<Queue>;

// Celery's mapping form: name -> { exchange, exchange_type, routing_key | binding_key }.
const byName = z.record(
  z.string().min(1),
  z.object({
    exchange: z.string().optional(),
    exchange_type: z.enum(['direct', 'topic', 'fanout']).optional(),
    routing_key: z.string().optional(),
    binding_key: z.string().optional(),
    queue_arguments: z.record(z.string(), z.unknown()).optional(),
  }),
);

const fromMapping = (map: z.output<typeof byName>): Queue[] =>
  Object.entries(map).map(([name, given]) => ({
    name,
    exchange: { name: given.exchange ?? name, type: given.exchange_type ?? 'direct' },
    routingKey: given.binding_key ?? given.routing_key ?? name,
    ...(given.queue_arguments && { arguments: given.queue_arguments }),
  }));

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
