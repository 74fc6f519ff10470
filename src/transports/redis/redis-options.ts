import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { z } from 'zod';
import { type Logger, redact, ToolboxError } from '../../base/index.js';
import { readTlsOptions } from '../../messaging/index.js';

const seconds = (least: number) => z.coerce.number().min(least);
const flag = z.union([z.boolean(), z.stringbool()]);

const schema = z.object({
  /** Seconds a message is held for a consumer that is not heard of any more. The same in all programs. Default 3600. */
  visibility_timeout: seconds(1).default(3600),
  /** Put before every key and channel. */
  global_keyprefix: z.string().default(''),
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
  /** Seconds without an answer after which a connection counts as dead. Default 4. */
  socket_timeout: seconds(0.1).default(4),
  /** Seconds for opening one connection. Default 4. */
  socket_connect_timeout: seconds(0.1).default(4),
  /** Seconds for which a publish is tried again while Redis cannot be reached. Default 10. */
  publish_timeout: seconds(0).default(10),
  /** Shown by CLIENT LIST. */
  client_name: z.string().optional(),
  /** Seconds between signs of life asked of a connection that only listens. Default 4; kombu's is 25. */
  health_check_interval: seconds(0.1).default(4),
  /** `true`, or options of `tls.connect`, or those of Python's ssl module. Celery's `broker_use_ssl`. */
  ssl: z.union([z.boolean(), z.record(z.string(), z.unknown())]).default(false),
  /** Name of the group the sentinels watch. Needed for sentinel://. */
  master_name: z.string().min(1).optional(),
  /** What the sentinels themselves ask for: `username`, `password`. */
  sentinel_kwargs: z
    .object({
      username: z.string().optional(),
      password: z.string().optional(),
      /** `true` when the sentinels themselves speak TLS. Default: as Redis does. */
      ssl: z.boolean().optional(),
    })
    .default({}),
});

/** `broker_transport_options` for Redis, checked. Names are kombu's where kombu has them. */
export interface RedisOptions extends Omit<z.output<typeof schema>, 'ssl'> {
  readonly tls: TlsOptions | undefined;
}

/** Throws CONFIG_INVALID with every option that is wrong. The query of the URL gives the same names and loses. */
export function parseRedisOptions(
  options: Readonly<Record<string, unknown>>,
  logger: Logger,
  query: Readonly<Record<string, string>> = {},
): RedisOptions {
  const given = withoutUndefined({ ...query, ...options });
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) =>
        `${path.join('.')}: ${message}, got ${JSON.stringify(redact(given[String(path[0])], String(path[0])))}`,
    );
    throw new ToolboxError('CONFIG_INVALID', `broker_transport_options for Redis: ${problems.join('; ')}`, {
      fields: { setting: 'broker_transport_options', problems },
    });
  }
  const isTls = (name: string): boolean => name.startsWith('ssl_');
  const unused = Object.keys(given).filter((name) => !(name in schema.shape) && !isTls(name));
  if (unused.length > 0) logger.debug({ unused }, 'broker_transport_options without meaning for Redis');
  const { ssl, ...rest } = parsed.data;
  const single = Object.entries(given).filter(([name]) => isTls(name));
  const tls = { ...(typeof ssl === 'object' ? ssl : {}), ...Object.fromEntries(single) };
  return { ...rest, tls: ssl === false && single.length === 0 ? undefined : readTlsOptions(tls) };
}

/** Python's None stands for the default. */
const withoutUndefined = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
