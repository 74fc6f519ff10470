import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { directQueue, type Transport } from '../../src/messaging/index.js';
import { startRedis } from '../support/redis.js';
import { tcpProxy } from '../support/tcp-proxy.js';
import type { Connect } from './redis-failover.js';
import { eventually, pause, runTraffic, type TrafficCounts } from './traffic.js';

/** Traffic, and how soon it went on after each interruption. */
export interface RecoveryCounts extends TrafficCounts {
  readonly interruptions: number;
  /** Longest time from the end of an interruption to the next delivery, in milliseconds. */
  readonly slowestRecoveryMs: number;
}

const OPTIONS = { visibility_timeout: 3, publish_timeout: 30 };

/** A server that keeps an append-only file is killed and started again, `times` times, down for `downMs` each time. */
export async function serverKills(
  connect: Connect,
  { times = 5, downMs = 500 }: { readonly times?: number; readonly downMs?: number } = {},
): Promise<RecoveryCounts> {
  const dir = await mkdtemp(join(tmpdir(), 'redis-aof-'));
  const args = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--dir', dir];
  let server = await startRedis(args);
  const { port, url } = server;
  const ends = await both(connect, url, OPTIONS);
  try {
    return await interrupted(ends, times, async () => {
      await server.kill();
      await pause(downMs);
      server = await startRedis(args, port);
    });
  } finally {
    await ends.close();
    await server.kill();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Every connection is reset, `times` times, `everyMs` apart. */
export async function flaps(
  connect: Connect,
  { times = 50, everyMs = 100 }: { readonly times?: number; readonly everyMs?: number } = {},
): Promise<RecoveryCounts> {
  const server = await startRedis();
  const proxy = await tcpProxy('127.0.0.1', server.port);
  const ends = await both(connect, `redis://127.0.0.1:${proxy.port}/0`, OPTIONS);
  try {
    const counts = await interrupted(ends, 1, async () => {
      for (let flap = 0; flap < times; flap += 1) {
        proxy.reset();
        await pause(everyMs);
      }
    });
    return { ...counts, interruptions: times };
  } finally {
    await ends.close();
    await proxy.close();
    await server.kill();
  }
}

/** The server stops answering while its connections stay open: `slowestRecoveryMs` counts from the freezing on, over other connections. */
export async function halfOpen(connect: Connect): Promise<RecoveryCounts> {
  const server = await startRedis();
  const proxy = await tcpProxy('127.0.0.1', server.port);
  const ends = await both(connect, `redis://127.0.0.1:${proxy.port}/0`, OPTIONS);
  try {
    return await interrupted(ends, 2, async () => proxy.freeze());
  } finally {
    await ends.close();
    await proxy.close();
    await server.kill();
  }
}

/** The user loses the right to everything for `forMs`, its connections with it, and has it again. */
export async function revokedRights(connect: Connect, { forMs = 2000 } = {}): Promise<RecoveryCounts> {
  const server = await startRedis();
  const admin = new Redis(server.url, { protocol: 2 });
  const grant = (...rules: string[]): Promise<unknown> => admin.call('ACL', 'SETUSER', 'worker', ...rules);
  await grant('on', '>secret', '~*', '&*', '+@all');
  const ends = await both(connect, server.url.replace('//', '//worker:secret@'), OPTIONS);
  try {
    return await interrupted(ends, 2, async () => {
      await grant('-@all', 'off');
      await admin.call('CLIENT', 'KILL', 'USER', 'worker');
      await pause(forMs);
      await grant('on', '+@all');
    });
  } finally {
    await ends.close();
    admin.disconnect();
    await server.kill();
  }
}

interface Ends {
  readonly producer: Transport;
  readonly consumer: Transport;
  close(): Promise<unknown>;
}

async function both(
  connect: Connect,
  url: string,
  options: Readonly<Record<string, unknown>>,
): Promise<Ends> {
  const [producer, consumer] = [await connect(url, options), await connect(url, options)];
  return { producer, consumer, close: () => Promise.all([producer.close(), consumer.close()]) };
}

async function interrupted(ends: Ends, times: number, interrupt: () => unknown): Promise<RecoveryCounts> {
  let slowestRecoveryMs = 0;
  const counts = await runTraffic({
    ...ends,
    queue: directQueue('interrupted'),
    parallel: 5,
    disturb: async (progress) => {
      for (let time = 0; time < times; time += 1) {
        const before = progress().received;
        await eventually(() => progress().received > before + 50);
        await interrupt();
        const [at, reached] = [performance.now(), progress().received];
        await eventually(() => progress().received > reached, 60_000);
        slowestRecoveryMs = Math.max(slowestRecoveryMs, Math.round(performance.now() - at));
      }
    },
  });
  return { ...counts, interruptions: times, slowestRecoveryMs };
}
