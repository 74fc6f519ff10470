import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import type { TransportContext } from '../../src/messaging/index.js';

/** The reason a test without Redis is skipped with. In CI this is a failure. */
export const NO_REDIS = 'needs Redis 6.2 or newer: set WORKERTOOLBOX_TEST_REDIS_URL';

/** Keys of its own for one test file, in a Redis that others use as well. */
export interface RedisPlace {
  readonly url: string;
  /** Before every key and channel. */
  readonly prefix: string;
  /** A client to look at the keys with. */
  readonly client: Redis;
  /** The connections of ours with that `client_name`, as Redis numbers them. */
  connections(name: string): Promise<number[]>;
  /** Closes them by force; resolves with their number. */
  kill(name: string): Promise<number>;
  remove(): Promise<void>;
}

export async function createRedisPlace(): Promise<RedisPlace> {
  const url = process.env.WORKERTOOLBOX_TEST_REDIS_URL;
  if (url === undefined) throw new Error(NO_REDIS);
  const prefix = `test-${randomUUID().slice(0, 8)}:`;
  const client = new Redis(url, { protocol: 2 });
  const connections = async (name: string): Promise<number[]> => {
    const lines = String(await client.client('LIST')).split('\n');
    return lines
      .filter((line) => line.includes(` name=${name}:`))
      .map((line) => Number(/^id=(\d+)/.exec(line)?.[1]));
  };
  return {
    url,
    prefix,
    client,
    connections,
    kill: async (name) => {
      const ids = await connections(name);
      await Promise.all(ids.map((id) => client.client('KILL', 'ID', id)));
      return ids.length;
    },
    remove: async () => {
      for await (const keys of client.scanStream({ match: `${prefix}*`, count: 1000 })) {
        if ((keys as string[]).length > 0) await client.del(...(keys as string[]));
      }
      client.disconnect();
    },
  };
}

/** A group of tests that needs Redis; without one it is skipped, and says why. */
export function describeRedis(name: string, body: (place: () => RedisPlace) => void): void {
  if (process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined) {
    describe.skip(`${name} (${NO_REDIS})`, () => {
      it('runs against Redis', () => {});
    });
    return;
  }
  describe(name, () => {
    let place: RedisPlace | undefined;
    beforeAll(async () => {
      place = await createRedisPlace();
    });
    afterAll(() => place?.remove());
    body(() => {
      if (place === undefined) throw new Error('the place is made before the tests run');
      return place;
    });
  });
}

/** The context transports are made from. */
export const redisContext = (place: RedisPlace, options: Record<string, unknown> = {}): TransportContext => ({
  url: place.url,
  options: { global_keyprefix: place.prefix, ...options },
  logger: silentLogger,
  clock: systemClock,
});

/** A Redis of a test's own, for tests that break it or fill it. */
export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  /** Kills it as a crash would. */
  kill(): Promise<void>;
  /** Stops and continues the process: its connections stay open, and nothing answers. */
  freeze(): void;
  thaw(): void;
}

type Arguments = readonly string[] | ((port: string) => readonly string[]);

/** Starts one on a free port, or on `port`; with a configuration file of its own also a sentinel. */
export async function startRedis(
  args: Arguments | { readonly configuration: string; readonly sentinel: boolean } = [],
  port?: number,
): Promise<OwnRedis> {
  const at = port ?? (await freePort());
  const server = spawn('redis-server', argumentsOf(args, at), { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    server.stdout.on('data', (chunk) => READY.test(String(chunk)) && resolve());
  });
  return {
    url: `redis://127.0.0.1:${at}/0`,
    port: at,
    kill: async () => {
      server.kill('SIGKILL');
      await ended;
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
  };
}

const READY = /ready to accept|Sentinel ID is/i;

function argumentsOf(args: Parameters<typeof startRedis>[0] & object, port: number): readonly string[] {
  if ('configuration' in args) return [args.configuration, ...(args.sentinel ? ['--sentinel'] : [])];
  const own = ['--bind', '127.0.0.1', '--port', String(port), '--dir', tmpdir()];
  const further = typeof args === 'function' ? args(String(port)) : args;
  return [...own, '--save', '', '--appendonly', 'no', ...further];
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a process that takes `count` messages of a queue and settles none; resolves when it holds them. The function kills it as a crash would. */
export async function startHolder(
  place: RedisPlace,
  queue: string,
  count: number,
  leaseSeconds: number,
): Promise<() => Promise<void>> {
  const script = fileURLToPath(new URL('./redis-consumer.ts', import.meta.url));
  const args = [place.url, place.prefix, leaseSeconds, queue, count].map(String);
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface(child.stdout), 'line');
  return async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
}
