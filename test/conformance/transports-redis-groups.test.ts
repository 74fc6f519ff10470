import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import { directQueue, type Transport } from '../../src/messaging/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { type Connect, clusterMove, sentinelFailover } from '../chaos/redis-failover.js';
import { NO_REDIS } from '../support/redis.js';
import { startCluster } from '../support/redis-groups.js';

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;
const connect: Connect = (url, options) =>
  createRedisTransport({ url, options, logger: silentLogger, clock: systemClock });

describe.skipIf(skipped)(`Redis behind sentinels and in clusters${skipped ? ` (${NO_REDIS})` : ''}`, () => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  it.each(['kill', 'freeze'] as const)(
    'goes on with the promoted replica after the master was lost by %s, under load',
    async (how) => {
      const counts = await sentinelFailover(connect, { how });
      expect(counts.refused).toBe(0);
      expect(counts.received).toBeGreaterThan(1000);
      // Replication is asynchronous: what it may lose is what was on its way in the last moment.
      expect(counts.lost).toBeLessThanOrEqual(counts.accepted / 20);
      console.info(JSON.stringify({ figure: `sentinel failover, ${how}`, ...counts }));
    },
    90_000,
  );

  it('loses nothing while its slot moves to other nodes of a cluster, under load', async () => {
    const counts = await clusterMove(connect);
    expect(counts).toMatchObject({ refused: 0, lost: 0 });
    console.info(JSON.stringify({ figure: 'cluster move', ...counts }));
  }, 90_000);

  it('broadcasts, counts and purges in a cluster, and says what a cluster needs', async () => {
    const cluster = await startCluster();
    open.push(cluster);
    const options = { global_keyprefix: 'app{a}:' };
    const [one, two] = await Promise.all([connect(cluster.url, options), connect(cluster.url, options)]);
    open.unshift(one, two);
    const news = { name: 'news', exchange: { name: 'news', type: 'fanout' }, routingKey: '' } as const;
    const heard = new Promise((resolve) => {
      void two.consume({ queues: [news], prefetch: 1, onDelivery: ({ headers }) => resolve(headers.id) });
    });
    const message = (id: string): Parameters<Transport['publish']>[0] => ({
      body: Buffer.from('1'),
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      headers: { id },
      properties: {},
    });
    await one.declare([news, directQueue('q')]);
    const telling = setInterval(
      () => void one.publish(message('told'), { exchange: 'news', routingKey: '' }),
      50,
    );
    expect(await heard).toBe('told');
    clearInterval(telling);
    await one.publish(message('x'), { exchange: '', routingKey: 'q' });
    expect(await two.size('q')).toBe(1);
    expect(await two.purge('q')).toBe(1);
    await expect(connect(cluster.url, {})).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('hash tag') as unknown,
    });
    const owner = await cluster.ownerOf('app{a}:');
    const wrong = cluster.nodes.find((node) => node !== owner);
    const plain = await connect(wrong?.url ?? '', { ...options, publish_timeout: 0 });
    open.unshift(plain);
    await expect(plain.declare([directQueue('q')])).rejects.toThrow(/MOVED.*rediscluster/);
  }, 60_000);
});
