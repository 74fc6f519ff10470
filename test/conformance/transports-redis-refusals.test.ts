import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import type { OutgoingMessage, Transport } from '../../src/messaging/index.js';
import { directQueue } from '../../src/messaging/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { NO_REDIS, type OwnRedis, startRedis } from '../support/redis.js';

const skipped = process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined && process.env.CI === undefined;
const message = (body: string): OutgoingMessage => ({
  body: Buffer.from(body),
  contentType: 'text/plain',
  contentEncoding: 'utf-8',
  headers: {},
  properties: {},
});
const queue = directQueue('q');

describe.skipIf(skipped)(`Redis, when it refuses${skipped ? ` (${NO_REDIS})` : ''}`, () => {
  let server: OwnRedis;
  let replica: OwnRedis;
  const open: Transport[] = [];
  beforeAll(async () => {
    server = await startRedis(['--requirepass', 's3cret']);
    replica = await startRedis(['--replicaof', '127.0.0.1', '1']);
  });
  afterAll(async () => {
    await Promise.all(open.map((transport) => transport.close()));
    await Promise.all([server.kill(), replica.kill()]);
  });

  const transport = async (url: string, options = {}): Promise<Transport> => {
    const made = await createRedisTransport({
      url,
      options: { publish_timeout: 0.5, ...options },
      logger: silentLogger,
      clock: systemClock,
    });
    open.push(made);
    return made;
  };
  const errorOf = async (work: Promise<unknown>): Promise<Error & { readonly code: string }> => {
    try {
      await work;
    } catch (error) {
      return error as Error & { readonly code: string };
    }
    throw new Error('it was not refused');
  };

  it.each([
    ['without a login', () => server.url, /NOAUTH.*broker_url/],
    ['with a wrong password', () => server.url.replace('//', '//:wr0ng@'), /WRONGPASS.*broker_url/],
    ['as an unknown user', () => server.url.replace('//', '//bob:wr0ng@'), /WRONGPASS/],
  ])('connecting %s is BROKER_REFUSED', async (_how, url, said) => {
    const error = await errorOf((await transport(url())).connect());
    expect(error.code).toBe('BROKER_REFUSED');
    expect(error.message).toMatch(said);
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('wr0ng');
  });

  it('a right password in the URL is taken, and not shown', async () => {
    const right = await transport(server.url.replace('//', '//:s3cret@'));
    await right.connect();
    expect(right.url).not.toContain('s3cret');
  });

  it('nobody listening is BROKER_UNREACHABLE, with the password masked', async () => {
    const nowhere = await transport('redis://bob:s3cret@127.0.0.1:1/0');
    for (const attempt of [
      () => nowhere.connect(),
      () => nowhere.publish(message('x'), { exchange: '', routingKey: 'q' }),
    ]) {
      const error = await errorOf(attempt());
      expect(error.code).toBe('BROKER_UNREACHABLE');
      expect(error.message).toContain('ECONNREFUSED');
      expect(error.message).not.toContain('s3cret');
    }
  });

  it('a replica is BROKER_UNREACHABLE, and says what it is', async () => {
    const error = await errorOf((await transport(replica.url)).declare([queue]));
    expect(error.code).toBe('BROKER_UNREACHABLE');
    expect(error.message).toMatch(/READONLY.*replica/);
  });

  it('out of memory: publishes are refused and store nothing, what is there can be consumed and given back', async () => {
    const full = await startRedis(['--maxmemory', '8mb', '--maxmemory-policy', 'noeviction']);
    try {
      const client = await transport(full.url, { visibility_timeout: 1 });
      const tap = { ...directQueue('tap'), exchange: queue.exchange, routingKey: 'q', tap: true };
      await client.declare([queue, tap]);
      const to = { exchange: 'q', routingKey: 'q' };
      let stored = 0;
      const error = await errorOf(
        (async () => {
          for (;;) {
            await client.publish(message('x'.repeat(50_000)), to);
            stored += 1;
          }
        })(),
      );
      expect(error.code).toBe('BROKER_REFUSED');
      expect(error.message).toMatch(/OOM.*maxmemory/);
      expect(await client.size('q')).toBe(stored);
      expect(await client.size('tap')).toBe(stored);
      let returned = 0;
      const acked = new Promise<void>((resolve, reject) => {
        let done = 0;
        const onDelivery = (
          delivery: Parameters<Parameters<Transport['consume']>[0]['onDelivery']>[0],
        ): void => {
          const first = !delivery.info.redelivered;
          if (first) returned += 1;
          (first ? delivery.release() : delivery.ack()).then(() => {
            if (!first) done += 1;
            if (done === stored) resolve();
          }, reject);
        };
        client.consume({ queues: [queue], prefetch: 5, onDelivery }).catch(reject);
      });
      await acked;
      expect(returned).toBe(stored);
      await client.publish(message('there is room again'), to);
    } finally {
      await Promise.all(open.splice(0).map((one) => one.close()));
      await full.kill();
    }
  });

  it('tells what in its configuration may lose messages', async () => {
    const careless = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    const careful = await startRedis(['--appendonly', 'yes', '--dir', mkdtempSync(join(tmpdir(), 'redis-'))]);
    try {
      const said = (await (await transport(careless.url)).hazards?.()) ?? [];
      expect(said).toEqual([
        expect.stringMatching(/allkeys-lru.*noeviction/),
        expect.stringMatching(/appendonly yes/),
      ]);
      expect(await (await transport(careful.url)).hazards?.()).toEqual([]);
    } finally {
      await Promise.all(open.splice(0).map((one) => one.close()));
      await Promise.all([careless.kill(), careful.kill()]);
    }
  });

  it('a key of another kind in the place of a queue is BROKER_REFUSED, for that queue alone', async () => {
    const own = await startRedis();
    try {
      const client = await transport(own.url);
      const set = directQueue('taken');
      await client.declare([queue, set]);
      const { Redis } = await import('ioredis');
      const raw = new Redis(own.url);
      await raw.sadd('taken', 'x');
      const [bad, good] = await Promise.allSettled([
        client.publish(message('x'), { exchange: '', routingKey: 'taken' }),
        client.publish(message('x'), { exchange: '', routingKey: 'q' }),
      ]);
      raw.disconnect();
      expect(bad).toMatchObject({
        reason: { code: 'BROKER_REFUSED', message: expect.stringContaining('taken') as unknown },
      });
      expect(good?.status).toBe('fulfilled');
      expect(await client.size('q')).toBe(1);
    } finally {
      await Promise.all(open.splice(0).map((one) => one.close()));
      await own.kill();
    }
  });
});
