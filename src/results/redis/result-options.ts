import { z } from 'zod';
import { type Logger, TimeDelta } from '../../base/index.js';
import { type ConnectionOptions, connectionShape, RESULTS, readOptions } from '../../redis/index.js';

/** Seconds a store is tried for when Redis is away; longer outages are the worker's matter. */
const STORE_RETRY_SECONDS = 3;

const schema = z.object({
  ...connectionShape,
  /** Parts of a chord in the order of its header (Celery's default), or as they come. */
  result_chord_ordered: z.union([z.boolean(), z.stringbool()]).default(true),
  /** Seconds a result is tried for before the worker is told that the store is away. Default 3. */
  store_retry_seconds: z.coerce.number().min(0).default(STORE_RETRY_SECONDS),
});

/** Everything that `result_*` and `redis_*` settings say of results in Redis. */
export interface RedisResultOptions extends Omit<z.output<typeof schema>, 'ssl'>, ConnectionOptions {
  /** Seconds; 0: kept for ever. */
  readonly expires: number;
  readonly failureExpires: number;
  readonly chordExpires: number;
  /** Seconds somebody who ends a chord has for collecting its parts. */
  readonly chordJoinTimeout: number;
}

/** Throws CONFIG_INVALID with every option that is wrong. */
export function redisResultOptions(
  settings: Readonly<Record<string, unknown>>,
  query: Readonly<Record<string, string>>,
  logger: Logger,
): RedisResultOptions {
  const own: Record<string, unknown> = {
    socket_connect_timeout: settings.redis_socket_connect_timeout,
    socket_timeout: settings.redis_socket_timeout,
    ...(settings.redis_backend_use_ssl ? { ssl: settings.redis_backend_use_ssl } : {}),
  };
  const transport = settings.result_backend_transport_options as Record<string, unknown> | undefined;
  const given = { ...own, ...transport };
  const read = readOptions(schema, { given, query }, RESULTS, logger);
  const expires = secondsOf(settings.result_expires, 86_400);
  return {
    ...read,
    global_keyprefix: separated(read.global_keyprefix),
    expires,
    failureExpires: secondsOf(settings.result_failure_expires ?? undefined, expires),
    chordExpires: secondsOf(settings.result_chord_expires ?? undefined, expires),
    chordJoinTimeout: Number(settings.result_chord_join_timeout ?? 3),
  };
}

/** Celery puts an underscore between the prefix and its keys, unless one of these is there. */
const separated = (prefix: string): string =>
  prefix === '' || /[:_.-]$/.test(prefix) ? prefix : `${prefix}_`;

function secondsOf(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  const seconds = value instanceof TimeDelta ? value.milliseconds / 1000 : Number(value ?? 0);
  // SET takes whole seconds, and none is for ever.
  return seconds > 0 ? Math.max(1, Math.trunc(seconds)) : 0;
}
