import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort, type OwnRedis, startRedis } from './redis.js';

/** A master, its replica, and three sentinels that watch them. */
export interface SentinelGroup {
  readonly url: string;
  readonly masterName: string;
  readonly master: OwnRedis;
  readonly replica: OwnRedis;
  close(): Promise<void>;
}

export async function startSentinelGroup(downAfterMs = 1000): Promise<SentinelGroup> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinels-'));
  const master = await startRedis();
  const replica = await startRedis(['--replicaof', '127.0.0.1', String(master.port)]);
  await until(replica.url, async (client) => (await client.info('replication')).includes('link_status:up'));
  const ports = [await freePort(), await freePort(), await freePort()];
  const sentinels = await Promise.all(
    ports.map(async (port) => {
      const file = join(folder, `${port}.conf`);
      const lines = [
        `port ${port}`,
        `sentinel monitor group 127.0.0.1 ${master.port} 2`,
        `sentinel down-after-milliseconds group ${downAfterMs}`,
        'sentinel failover-timeout group 5000',
      ];
      await writeFile(file, lines.join('\n'));
      return startRedis({ configuration: file, sentinel: true }, port);
    }),
  );
  // A failover needs sentinels that know of each other and of the replica.
  for (const port of ports) {
    await until(`redis://127.0.0.1:${port}`, async (client) => {
      const told = (await client.call('SENTINEL', 'MASTER', 'group')) as string[];
      const fact = (name: string): string | undefined => told[told.indexOf(name) + 1];
      return fact('num-other-sentinels') === '2' && fact('num-slaves') === '1';
    });
  }
  return {
    url: ports.map((port) => `sentinel://127.0.0.1:${port}`).join(';'),
    masterName: 'group',
    master,
    replica,
    close: async () => {
      await Promise.all([...sentinels, master, replica].map((one) => one.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A cluster of three masters. */
export interface RedisCluster {
  readonly url: string;
  readonly nodes: readonly OwnRedis[];
  /** The node that holds the keys of `prefix`. */
  ownerOf(prefix: string): Promise<OwnRedis>;
  /** Moves the slot of `prefix` with its keys to the next node. */
  move(prefix: string): Promise<void>;
  close(): Promise<void>;
}

export async function startCluster(): Promise<RedisCluster> {
  const folders = await Promise.all([1, 2, 3].map(() => mkdtemp(join(tmpdir(), 'cluster-'))));
  const nodes: OwnRedis[] = [];
  for (const dir of folders) nodes.push(await startRedis(['--cluster-enabled', 'yes', '--dir', dir]));
  const places = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await promisify(execFile)('redis-cli', ['--cluster', 'create', ...places, '--cluster-yes']);
  for (const { url } of nodes) {
    await until(url, async (client) => (await client.cluster('INFO')).includes('cluster_state:ok'));
  }
  const clients = nodes.map(({ url }) => new Redis(url, { protocol: 2 }));
  const [anyone] = clients;
  if (anyone === undefined) throw new Error('a cluster has nodes');
  const placeOf = async (prefix: string): Promise<{ slot: number; at: number }> => {
    const slot = await anyone.cluster('KEYSLOT', prefix);
    const ranges = (await anyone.cluster('SLOTS')) as unknown as [number, number, [string, number]][];
    const range = ranges.find(([first, last]) => first <= slot && slot <= last);
    return { slot, at: nodes.findIndex(({ port }) => port === range?.[2][1]) };
  };
  return {
    url: places.map((place) => `rediscluster://${place}`).join(';'),
    nodes,
    ownerOf: async (prefix) => nodes[(await placeOf(prefix)).at] as OwnRedis,
    move: async (prefix) => {
      const { slot, at } = await placeOf(prefix);
      const to = (at + 1) % nodes.length;
      const [source, target] = [clients[at], clients[to]] as [Redis, Redis];
      const [from, into] = [await source.cluster('MYID'), await target.cluster('MYID')];
      await target.cluster('SETSLOT', slot, 'IMPORTING', String(from));
      await source.cluster('SETSLOT', slot, 'MIGRATING', String(into));
      for (;;) {
        const keys = await source.cluster('GETKEYSINSLOT', slot, 100);
        if (keys.length === 0) break;
        await source.call('MIGRATE', '127.0.0.1', String(nodes[to]?.port), '', '0', '5000', 'KEYS', ...keys);
      }
      for (const client of [target, source, ...clients]) {
        await client.cluster('SETSLOT', slot, 'NODE', String(into));
      }
    },
    close: async () => {
      for (const client of clients) client.disconnect();
      await Promise.all(nodes.map((node) => node.kill()));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** Asks a server until it says so. */
async function until(url: string, wanted: (client: Redis) => Promise<boolean>): Promise<void> {
  const client = new Redis(url, { protocol: 2 });
  try {
    while (!(await wanted(client))) await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    client.disconnect();
  }
}
