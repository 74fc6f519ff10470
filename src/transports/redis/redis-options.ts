import { z } from 'zod';
import type { Logger } from '../../base/index.js';
import { BROKER, type ConnectionOptions, connectionShape, readOptions } from '../../redis/index.js';

const seconds = (least: number) => z.coerce.number().min(least);
const flag = z.union([z.boolean(), z.stringbool()]);

const schema = z.object({
  /** Seconds a message is held for a consumer that is not heard of any more. The same in all programs. Default 3600. */
  visibility_timeout: seconds(1).default(3600),
  /** Between a queue's name and its priority step, and between the parts of a binding. */
  sep: z.string().min(1).default('\x06\x16'),
  /** Priorities that have a list of their own; the others go to the next lower one. 0 is the most urgent. */
  priority_steps: z.array(z.coerce.number().int()).nonempty().default([0, 3, 6, 9]),
  /** A thread renews what a worker holds while its event loop is blocked. Default true. */
  lease_thread: flag.default(true),
  /** How the queues of one consumer share it: side by side, the first before the others, or sorted by name. */
  queue_order_strategy: z.enum(['round_robin', 'priority', 'sorted']).default('round_robin'),
  /** Hash of the messages in delivery. */
  unacked_key: z.string().min(1).default('unacked'),
  /** Sorted set of the times at which they were delivered. */
  unacked_index_key: z.string().min(1).default('unacked_index'),
  /** Before the names of broadcast channels: true for `/<db>.`, or another text. */
  fanout_prefix: z.union([flag, z.string()]).default(true),
  /** Broadcast channels end with the routing key. */
  fanout_patterns: flag.default(true),
  /** Seconds for which a publish is tried again while Redis cannot be reached. Default 10. */
  publish_timeout: seconds(0).default(10),
  ...connectionShape,
});

/** `broker_transport_options` for Redis, checked. Names are kombu's where kombu has them. */
export type RedisOptions = Omit<z.output<typeof schema>, 'ssl'> & ConnectionOptions;

/** Throws CONFIG_INVALID with every option that is wrong. The query of the URL gives the same names and loses. */
export const parseRedisOptions = (
  given: Readonly<Record<string, unknown>>,
  logger: Logger,
  query: Readonly<Record<string, string>> = {},
): RedisOptions => readOptions(schema, { given, query }, BROKER, logger);
