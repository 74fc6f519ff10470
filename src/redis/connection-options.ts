import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { z } from 'zod';
import { type Logger, redact, ToolboxError } from '../base/index.js';
import { readTlsOptions } from '../messaging/index.js';
import type { RedisPurpose } from './redis-purpose.js';

const seconds = (least: number) => z.coerce.number().min(least);

/** Options of every connection to Redis; names are kombu's where kombu has them. */
export const connectionShape = {
  /** Put before every key and channel. */
  global_keyprefix: z.string().default(''),
  /** Seconds without an answer after which a connection counts as dead. Default 4. */
  socket_timeout: seconds(0.1).default(4),
  /** Seconds for opening one connection. Default 4. */
  socket_connect_timeout: seconds(0.1).default(4),
  /** Shown by CLIENT LIST. */
  client_name: z.string().optional(),
  /** Seconds between signs of life asked of a connection that only listens. Default 4; kombu's is 25. */
  health_check_interval: seconds(0.1).default(4),
  /** `true`, or options of `tls.connect`, or those of Python's ssl module. */
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
} as const;

type Raw = z.output<z.ZodObject<typeof connectionShape>>;

/** These options, read. */
export interface ConnectionOptions extends Omit<Raw, 'ssl'> {
  readonly tls: TlsOptions | undefined;
}

export interface OptionSources {
  readonly given: Readonly<Record<string, unknown>>;
  /** The query of the URL: the same names, which lose. */
  readonly query: Readonly<Record<string, string>>;
}

/** Checks options against a shape that includes `connectionShape`. Throws CONFIG_INVALID with every option that is wrong. */
export function readOptions<Shape extends typeof connectionShape>(
  schema: z.ZodObject<Shape>,
  sources: OptionSources,
  purpose: RedisPurpose,
  logger: Logger,
): Omit<z.output<z.ZodObject<Shape>>, 'ssl'> & Pick<ConnectionOptions, 'tls'> {
  const given = withoutUndefined({ ...sources.query, ...sources.given });
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) =>
        `${path.join('.')}: ${message}, got ${JSON.stringify(redact(given[String(path[0])], String(path[0])))}`,
    );
    throw new ToolboxError('CONFIG_INVALID', `${purpose.options} for Redis: ${problems.join('; ')}`, {
      fields: { setting: purpose.options, problems },
    });
  }
  const isTls = (name: string): boolean => name.startsWith('ssl_');
  const unused = Object.keys(given).filter((name) => !(name in schema.shape) && !isTls(name));
  if (unused.length > 0) logger.debug({ unused }, `${purpose.options} without meaning for Redis`);
  const { ssl, ...rest } = parsed.data as z.output<typeof schema> & Raw;
  const single = Object.entries(given).filter(([name]) => isTls(name));
  const tls = { ...(typeof ssl === 'object' ? ssl : {}), ...Object.fromEntries(single) };
  const read = { ...rest, tls: ssl === false && single.length === 0 ? undefined : readTlsOptions(tls) };
  return read;
}

/** Python's None stands for the default. */
const withoutUndefined = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
