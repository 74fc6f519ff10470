import { afterEach, expect, it } from 'vitest';
import type { Delivery, OutgoingMessage, Queue, Transport } from '../../src/messaging/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { describeRedis, type RedisPlace, redisContext, startHolder, startRedis } from '../support/redis.js';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.js';

const message = (id: string): OutgoingMessage => ({
  body: Buffer.from(JSON.stringify(id)),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id },
  properties: {},
});
const idOf = (delivery: Delivery): string => String(delivery.headers.id);

describeRedis('Redis, when something breaks', (place) => {
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  const transport = async (
    options: Record<string, unknown> = {},
    at: RedisPlace = place(),
  ): Promise<Transport> => {
    const made = await createRedisTransport(redisContext(at, options));
    open.push(made);
    return made;
  };
  const proxied = async (): Promise<{ proxy: TcpProxy; at: RedisPlace }> => {
    const server = new URL(place().url);
    const proxy = await tcpProxy(server.hostname, Number(server.port));
    open.push(proxy);
    return { proxy, at: { ...place(), url: place().url.replace(server.host, `127.0.0.1:${proxy.port}`) } };
  };
  let unique = 0;
  const topology = (): { work: Queue; tap: Queue; to: { exchange: string; routingKey: string } } => {
    unique += 1;
    const exchange = { name: `x${unique}`, type: 'topic' } as const;
    return {
      work: { name: `work${unique}`, exchange, routingKey: 'work' },
      tap: { name: `tap${unique}`, exchange, routingKey: '#', tap: true },
      to: { exchange: exchange.name, routingKey: 'work' },
    };
  };
  /** Consumes, and acknowledges until `count` different ones were acknowledged. Resolves when it has begun. */
  const drain = async (
    consumer: Transport,
    queue: Queue,
    count: number,
  ): Promise<{ all: Promise<Delivery[]> }> => {
    const seen = new Map<string, Delivery>();
    let finish = (_: Delivery[]): void => {};
    const all = new Promise<Delivery[]>((resolve) => {
      finish = resolve;
    });
    const onDelivery = (delivery: Delivery): void => {
      delivery.ack().then(
        () => {
          seen.set(idOf(delivery), delivery);
          if (seen.size === count) finish([...seen.values()]);
        },
        // Lost: it comes again.
        () => {},
      );
    };
    await consumer.consume({ queues: [queue], prefetch: 50, onDelivery });
    return { all };
  };

  it('loses none of 2,000 messages while connections are killed', async () => {
    const { work, tap, to } = topology();
    const producer = await transport({ client_name: 'victim' });
    const consumer = await transport({ client_name: 'victim' });
    await producer.declare([work, tap]);
    const { all } = await drain(consumer, work, 2000);
    let killed = 0;
    for (let part = 0; part < 10; part += 1) {
      const ids = Array.from({ length: 200 }, (_, n) => `m${part * 200 + n}`);
      const sent = Promise.all(ids.map((id) => producer.publish(message(id), to)));
      for (let turn = 0; turn < 3; turn += 1) killed += await place().kill('victim');
      await sent;
    }
    expect(killed).toBeGreaterThanOrEqual(10);
    expect(new Set((await all).map(idOf)).size).toBe(2000);
    // Copies are stored together: whatever was sent twice was sent twice to both.
    expect(await producer.size(tap.name)).toBeGreaterThanOrEqual(2000);
    await expect.poll(() => place().client.hlen(`${place().prefix}unacked`)).toBe(0);
  }, 90_000);

  it('gives 100 messages of a killed process back to their own queue within its lease', async () => {
    const { work, tap, to } = topology();
    const producer = await transport({ visibility_timeout: 3 });
    await producer.declare([work, tap]);
    const ids = Array.from({ length: 100 }, (_, n) => `k${n}`);
    for (const id of ids) await producer.publish(message(id), to);
    const kill = await startHolder(place(), work.name, 100, 3);
    expect(await producer.size(work.name)).toBe(0);
    await kill();
    const started = performance.now();
    const other = await transport({ visibility_timeout: 3 });
    const back = await (await drain(other, work, 100)).all;
    expect(performance.now() - started).toBeLessThan(13_000);
    expect(back.every(({ info }) => info.redelivered && info.deliveryCount === 2)).toBe(true);
    expect(back.map(idOf)).toEqual(ids);
    expect(await producer.size(work.name)).toBe(0);
    expect(await producer.size(tap.name)).toBe(100);
    expect(await place().client.hlen(`${place().prefix}unacked`)).toBe(0);
  }, 60_000);

  it('notices a frozen connection and goes on', async () => {
    const { work } = topology();
    const { proxy, at } = await proxied();
    const client = await transport({}, at);
    await client.declare([work]);
    const { all } = await drain(client, work, 20);
    await client.publish(message('f0'), { exchange: '', routingKey: work.name });
    const frozenAt = performance.now();
    proxy.freeze();
    const ids = Array.from({ length: 19 }, (_, n) => `f${n + 1}`);
    await Promise.all([
      all,
      ...ids.map((id) => client.publish(message(id), { exchange: '', routingKey: work.name })),
    ]);
    expect(performance.now() - frozenAt).toBeLessThan(10_000);
  }, 40_000);

  it('consumes again within five seconds after the server is back, and declares anew what it had forgotten', async () => {
    const first = await startRedis();
    open.push({ close: () => first.kill() });
    const { work, tap, to } = topology();
    const at = { ...place(), url: first.url };
    const client = await transport({}, at);
    await client.declare([work, tap]);
    const got: string[] = [];
    await client.consume({
      queues: [work],
      prefetch: 10,
      onDelivery: (delivery) => {
        got.push(idOf(delivery));
        delivery.ack().catch(() => {});
      },
    });
    await client.publish(message('before'), to);
    await expect.poll(() => got).toEqual(['before']);
    await first.kill();
    // Long enough for the pauses between attempts to have grown.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const second = await startRedis([], first.port);
    open.push({ close: () => second.kill() });
    const backAt = performance.now();
    await client.publish(message('after'), to);
    await expect.poll(() => got, { timeout: 20_000 }).toEqual(['before', 'after']);
    expect(performance.now() - backAt).toBeLessThan(5000);
    const stranger = await transport({}, at);
    await stranger.publish(message('by a stranger'), to);
    await expect.poll(() => got).toHaveLength(3);
  }, 40_000);
});
