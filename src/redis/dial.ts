import type * as driver from 'ioredis';
import { messageOf, ToolboxError } from '../base/index.js';
import { ownerOfSlot } from './cluster-owner.js';
import type { ConnectionOptions } from './connection-options.js';
import type { RedisPurpose } from './redis-purpose.js';
import type { HostAndPort, RedisAddress } from './redis-url.js';

type Driver = typeof driver;

/** Loads the driver. Throws DRIVER_MISSING naming the command that installs it. */
export async function loadDriver(load: () => Promise<Driver> = () => import('ioredis')): Promise<Driver> {
  try {
    return await load();
  } catch (cause) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      `Redis needs ioredis: npm install ioredis (${messageOf(cause)})`,
      { cause, fields: { package: 'ioredis' } },
    );
  }
}

/** Makes a client for one connection, not yet connected. Where sentinels or a cluster are asked first, it may reject. */
export type Dial<Client extends driver.Redis> = (name: string) => Promise<Client>;

export interface DialParts {
  readonly address: RedisAddress;
  readonly options: ConnectionOptions;
  readonly purpose: RedisPurpose;
  /** Scripts the clients shall know, as methods of these names. */
  readonly scripts: Readonly<Record<string, { readonly lua: string }>>;
}

/** The client never reconnects and never sends anything twice by itself: whether that is right only the caller knows. */
export function createDial<Client extends driver.Redis>(
  { Redis }: Driver,
  { address, options, purpose, scripts }: DialParts,
): Dial<Client> {
  const { kind, hosts, path, username, password, db } = address;
  const tls = options.tls ?? (address.tls ? {} : undefined);
  const common = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
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
    scripts,
  } as const;
  const nameOf = (name: string): string => `${options.client_name ?? 'workertoolbox'}:${name}`;
  const at = ({ host, port }: HostAndPort, name: string): Client =>
    new Redis({ ...common, db, host, port, connectionName: nameOf(name) }) as Client;

  switch (kind) {
    case 'cluster':
      return async (name) =>
        at(await ownerOfSlot(hosts, options.global_keyprefix, (node) => at(node, 'find'), purpose), name);
    case 'sentinel': {
      const sentinels = sentinelOptions(address, options, tls);
      return async (name) =>
        new Redis({ ...common, ...sentinels, db, connectionName: nameOf(name) }) as Client;
    }
    case 'server':
      if (path === undefined) return async (name) => at(hosts[0], name);
      return async (name) => new Redis({ ...common, db, path, connectionName: nameOf(name) }) as Client;
  }
}

function sentinelOptions({ hosts }: RedisAddress, options: ConnectionOptions, tls: ConnectionOptions['tls']) {
  const { username, password, ssl = tls !== undefined } = options.sentinel_kwargs;
  return {
    sentinels: hosts.map((host) => ({ ...host })),
    name: options.master_name ?? '',
    role: 'master' as const,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: options.socket_timeout * 1000,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true }),
    ...(ssl ? { sentinelTLS: tls ?? {} } : {}),
  };
}
