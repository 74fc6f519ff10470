import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { z } from 'zod';
import { type Logger, redact, ToolboxError } from '../../base/index.js';

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
  /** `true`, or options of `tls.connect`; the names of Python's ssl module (`ssl_ca_certs`, ...) are not read. */
  ssl: z.union([z.boolean(), z.record(z.string(), z.unknown())]).default(false),
  /** Name of the group the sentinels watch. Needed for sentinel://. */
  master_name: z.string().min(1).optional(),
  /** What the sentinels themselves ask for: `username`, `password`. */
  sentinel_kwargs: z.object({ username: z.string().optional(), password: z.string().optional() }).default({}),
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
  const unused = Object.keys(given).filter((name) => !(name in schema.shape));
  if (unused.length > 0) logger.debug({ unused }, 'broker_transport_options without meaning for Redis');
  const { ssl, ...rest } = parsed.data;
  return { ...rest, tls: ssl === false ? undefined : ssl === true ? {} : ssl };
}

/** Python's None stands for the default. */
const withoutUndefined = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
