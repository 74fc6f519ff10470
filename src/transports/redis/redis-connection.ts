import type * as driver from 'ioredis';
import type { ChainableCommander } from 'ioredis';
import { backoffMs, type Clock, hasCode, messageOf, ToolboxError } from '../../base/index.js';
import { leadsAstray, translateFailure } from './redis-failures.js';
import type { RedisOptions } from './redis-options.js';
import type { RedisAddress } from './redis-url.js';
import { SCRIPTS, type ScriptedRedis } from './scripts.js';

type Driver = typeof driver;

const RETRY = { baseMs: 50, maxMs: 1000 };

/** Loads the driver. Throws DRIVER_MISSING naming the command that installs it. */
export async function loadDriver(load: () => Promise<Driver> = () => import('ioredis')): Promise<Driver> {
  try {
    return await load();
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      `the Redis transport needs ioredis: npm install ioredis (${messageOf(cause)})`,
      { cause, fields: { package: 'ioredis' } },
    );
  }
}

/** Makes a client for one connection, not yet connected. */
export type Dial = (name: string) => ScriptedRedis;

/** The client never reconnects and never sends anything twice by itself: whether that is right only the caller knows. */
export function createDial({ Redis }: Driver, address: RedisAddress, options: RedisOptions): Dial {
  const { hosts, username, password, db, sentinel } = address;
  const credentials = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  const tls = options.tls ?? (address.tls ? {} : undefined);
  const { username: sentinelUsername, password: sentinelPassword } = options.sentinel_kwargs;
  const place = sentinel
    ? {
        sentinels: hosts.map((at) => ({ ...at })),
        name: options.master_name ?? '',
        role: 'master' as const,
        sentinelRetryStrategy: () => null,
        ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
        ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
        ...(tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: tls }),
      }
    : { ...hosts[0] };
  return (name) =>
    new Redis({
      ...place,
      ...credentials,
      db,
      ...(tls === undefined ? {} : { tls: { servername: hosts[0].host, ...tls } }),
      protocol: 2,
      lazyConnect: true,
      enableReadyCheck: false,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      disableClientInfo: true,
      retryStrategy: () => null,
      connectTimeout: options.socket_connect_timeout * 1000,
      socketTimeout: options.socket_timeout * 1000,
      keepAlive: 10_000,
      connectionName: `${options.client_name ?? 'workertoolbox'}:${name}`,
      scripts: SCRIPTS,
    }) as ScriptedRedis;
}

export interface ConnectionParts {
  readonly name: string;
  readonly dial: Dial;
  /** For messages; password masked. */
  readonly url: string;
  readonly clock: Clock;
  /** Milliseconds for which a command that may be sent twice is tried again. */
  readonly patienceMs: number;
  /** Done with each new connection before it is used. */
  readonly prepare?: (client: ScriptedRedis) => Promise<void>;
  /** Told when an open connection has ended. */
  readonly lost?: () => void;
}

/** One connection, opened when it is asked for, and again after it was lost: by one attempt at a time. */
export class RedisConnection {
  readonly #parts: ConnectionParts;
  #client: ScriptedRedis | undefined;
  #opening: Promise<ScriptedRedis> | undefined;
  #everOpen = false;
  #closed = false;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  /** Runs commands on the open connection. Rejects with a ToolboxError. */
  async run<T>(what: string, use: (client: ScriptedRedis) => Promise<T>): Promise<T> {
    const client = this.#client ?? (await this.open());
    try {
      return await use(client);
    } catch (error) {
      if (leadsAstray(error)) this.#drop(client);
      throw translateFailure(error, what, this.#parts.url);
    }
  }

  /** The same for what may be done twice: for a while it is tried again when a connection that was open is lost over it. */
  async repeat<T>(what: string, use: (client: ScriptedRedis) => Promise<T>): Promise<T> {
    const { clock, patienceMs } = this.#parts;
    const until = clock.monotonic() + patienceMs;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.run(what, use);
      } catch (error) {
        const wait = backoffMs(failures, RETRY);
        const hopeless = !this.#everOpen || !hasCode(error, 'BROKER_UNREACHABLE');
        if (hopeless || clock.monotonic() + wait >= until) throw error;
        await clock.sleep(wait);
      }
    }
  }

  open(): Promise<ScriptedRedis> {
    if (this.#client !== undefined) return Promise.resolve(this.#client);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => {});
    this.#client?.disconnect();
  }

  #drop(client: ScriptedRedis): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.disconnect();
    this.#parts.lost?.();
  }

  async #open(): Promise<ScriptedRedis> {
    const { dial, name, url, prepare } = this.#parts;
    if (this.#closed) throw new ToolboxError('STATE_INVALID', 'the transport is closed');
    const client = dial(name);
    let cause: unknown;
    client.on('error', (error) => {
      cause = error;
    });
    try {
      // What this answers tells also of a missing login, and of a server that is still loading.
      await client.connect().then(() => client.ping());
      await prepare?.(client);
    } catch (error) {
      client.disconnect();
      throw translateFailure(cause ?? error, 'connect', url);
    }
    client.once('close', () => this.#drop(client));
    if (client.status !== 'ready') throw translateFailure(cause ?? new Error('closed'), 'connect', url);
    this.#client = client;
    this.#everOpen = true;
    return client;
  }
}

/** The answers of several commands sent together. Rejects with the first error among them. */
export async function answersOf(commands: ChainableCommander): Promise<unknown[]> {
  const replies = (await commands.exec().catch(firstCause)) ?? [];
  return replies.map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}

/** Of a transaction that was discarded the driver tells beside it why. */
function firstCause(error: unknown): never {
  const causes = (error as { readonly previousErrors?: readonly unknown[] } | null)?.previousErrors;
  throw causes?.[0] ?? error;
}
