import { afterEach, expect, it } from 'vitest';
import type { Delivery, OutgoingMessage, Queue, Transport } from '../../../src/messaging/index.js';
import { createRedisTransport } from '../../../src/transports/redis/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRedis, redisContext, startHolder } from '../../support/redis.js';
import { type Peer, type SeenByKombu, startPeer } from './peer.js';

const python = celeryPython();
const LEASE = { visibility_timeout: 2 };
/** kombu looks for abandoned messages whenever it can, not at every tenth occasion. */
const EAGER = { ...LEASE, unacked_restore_throttle: 1, unacked_restore_interval: 0.2 };

const message = (id: string, extra: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  body: Buffer.from(JSON.stringify(id)),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id },
  properties: {},
  ...extra,
});
const idOf = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): unknown => headers.id;
const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `m${n}`);
/** A queue as the peer is told of it. */
const told = ({ name, exchange, routingKey }: Queue): readonly string[] => [
  name,
  exchange.name,
  exchange.type,
  routingKey,
];

describeRedis(`Redis, beside kombu${python ? '' : ` (${NO_PYTHON})`}`, (place) => {
  const test = it.skipIf(!python);
  const open: { close(): Promise<unknown> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  const ours = async (options: Record<string, unknown> = {}): Promise<Transport> => {
    const made = await createRedisTransport(redisContext(place(), options));
    open.push(made);
    return made;
  };
  const theirs = (options: Record<string, unknown> = {}): Peer => {
    const peer = startPeer(python ?? '', place().url, { global_keyprefix: place().prefix, ...options });
    open.push({ close: () => peer.stop() });
    return peer;
  };
  let unique = 0;
  const topology = (): { work: Queue; tap: Queue; to: { exchange: string; routingKey: string } } => {
    unique += 1;
    const exchange = { name: `task_exchange${unique}`, type: 'topic' } as const;
    return {
      work: { name: `export${unique}`, exchange, routingKey: 'export' },
      tap: { name: `platform${unique}.fifo`, exchange, routingKey: '#', tap: true },
      to: { exchange: exchange.name, routingKey: 'export' },
    };
  };
  /** Takes `count` messages and settles none. */
  const hold = (transport: Transport, queue: Queue, count: number, prefetch = 0): Promise<Delivery[]> =>
    new Promise((resolve, reject) => {
      const held: Delivery[] = [];
      const onDelivery = (delivery: Delivery): void => {
        if (held.push(delivery) === count) resolve(held);
      };
      transport.consume({ queues: [queue], prefetch, onDelivery }).catch(reject);
    });

  /** Makes all deliveries as old as they can be. */
  const grow = async (): Promise<void> => {
    const index = `${place().prefix}unacked_index`;
    for (const tag of await place().client.zrange(index, '0', '-1'))
      await place().client.zadd(index, '1', tag);
  };

  test.each(['#', 'a.*', 'a.#', '#.a', '*', 'a-b.c_d', 'ä.b', 'a*.b', 'export'])(
    'binds "%s" with the same member as kombu',
    async (routingKey) => {
      const { work } = topology();
      const queue = { ...work, routingKey };
      await (await ours()).declare([queue]);
      const peer = theirs();
      await peer.ask('declare', [told(queue)]);
      const table = await peer.ask<string[][]>('members', queue.exchange.name);
      expect(table).toHaveLength(1);
      expect(table[0]?.[2]).toBe(queue.name);
      const key = `${place().prefix}_kombu.binding_permanent.${queue.exchange.name}`;
      expect(await place().client.smembers(key)).toHaveLength(1);
    },
  );

  const headers = { lang: 'js', task: 'export.run', argsrepr: "('ä', '\u{1f30d}')", timelimit: [null, 5] };
  const properties = {
    correlation_id: 'a1',
    reply_to: 'r',
    creator_id: 'u1',
    is_result: true,
    related: { n: [1, null] },
  };

  test('kombu reads what we sent, every copy with a tag of its own', async () => {
    const { work, tap, to } = topology();
    const producer = await ours();
    await producer.declare([work, tap]);
    await producer.publish(message('a1', { headers: { id: 'a1', ...headers }, properties }), to);
    const tags = new Set<unknown>();
    for (const list of [work.name, tap.name]) {
      const text = (await place().client.lindex(place().prefix + list, 0)) ?? '{}';
      tags.add((JSON.parse(text) as { properties: { delivery_tag: string } }).properties.delivery_tag);
    }
    expect(tags.size).toBe(2);
    const peer = theirs();
    for (const queue of [work, tap]) {
      const [seen] = await peer.ask<SeenByKombu[]>('hold', queue.name, told(queue), 1);
      expect(seen).toMatchObject({
        body: Buffer.from('"a1"').toString('base64'),
        headers: { id: 'a1', ...headers },
        properties: { ...properties, delivery_mode: 2, priority: 0 },
        info: { exchange: to.exchange, routing_key: 'export' },
        content_type: 'application/json',
        content_encoding: 'utf-8',
      });
      await peer.ask('ack', queue.name);
    }
    expect(await place().client.hlen(`${place().prefix}unacked`)).toBe(0);
  });

  test('we read what kombu sent', async () => {
    const { work, tap, to } = topology();
    const peer = theirs();
    await peer.ask('publish', to.exchange, 'topic', 'export', ['a1'], headers, properties, [
      told(work),
      told(tap),
    ]);
    for (const queue of [work, tap]) {
      const [seen] = await hold(await ours(), queue, 1);
      expect(seen?.defect).toBeUndefined();
      expect(Buffer.from(seen?.body ?? []).toString()).toBe('a1');
      expect(seen?.headers).toEqual({ id: 'a1', ...headers });
      expect(seen?.properties).toMatchObject(properties);
      expect(seen?.info).toEqual({
        exchange: to.exchange,
        routingKey: 'export',
        queue: queue.name,
        redelivered: false,
        priority: 0,
        deliveryCount: 1,
      });
      await seen?.ack();
    }
  });

  test('queues bound by kombu alone take what we publish', async () => {
    const { work, tap, to } = topology();
    await theirs().ask('declare', [told(work), told(tap)]);
    const producer = await ours();
    await producer.publish(message('found'), to);
    expect(await producer.size(work.name)).toBe(1);
    await expect(producer.size(tap.name)).resolves.toBe(1);
    await expect(producer.publish(message('x'), { ...to, exchange: 'unheard-of' })).rejects.toMatchObject({
      code: 'NOT_DECLARED',
    });
  });

  test('both take the most urgent first, whoever sent it', async () => {
    const { work, to } = topology();
    const producer = await ours();
    await producer.declare([work]);
    const peer = theirs();
    await peer.ask('declare', [told(work)]);
    const priorities = [9, 4, 0, 7];
    const expected = ['0', '4', '7', '9'];
    for (const reader of ['kombu', 'ours']) {
      for (const [at, priority] of priorities.entries()) {
        if (at % 2 === 0) await producer.publish(message(String(priority), { properties: { priority } }), to);
        else
          await peer.ask('publish', to.exchange, 'topic', 'export', [String(priority)], {}, { priority }, [
            told(work),
          ]);
      }
      expect(await place().client.llen(`${place().prefix}${work.name}\x06\x163`)).toBe(1);
      expect(await producer.size(work.name)).toBe(4);
      if (reader === 'kombu') {
        const seen = await peer.ask<SeenByKombu[]>('hold', 'w', told(work), 4);
        expect(seen.map(idOf)).toEqual(expected);
        await peer.ask('ack', 'w');
        await peer.ask('close', 'w');
      } else {
        const seen = await hold(await ours(), work, 4);
        expect(seen.map(idOf)).toEqual(expected);
        await Promise.all(seen.map((delivery) => delivery.ack()));
      }
    }
  });

  test('acknowledging one copy leaves the other alone', async () => {
    const { work, tap, to } = topology();
    const peer = theirs();
    // kombu's copies share one delivery tag.
    await peer.ask('publish', to.exchange, 'topic', 'export', numbered(5), {}, {}, [told(work), told(tap)]);
    const worker = await ours();
    const monitor = await ours();
    const works = await hold(worker, work, 5);
    const taps = await hold(monitor, tap, 5);
    expect(await place().client.hlen(`${place().prefix}unacked`)).toBe(10);
    await Promise.all(works.map((delivery) => delivery.ack()));
    expect(await place().client.hlen(`${place().prefix}unacked`)).toBe(5);
    await Promise.all(taps.map((delivery) => delivery.ack()));
    expect(await place().client.zcard(`${place().prefix}unacked_index`)).toBe(0);
  });

  test('a monitor of ours that closes with unacknowledged messages, beside a kombu worker, sends nobody a copy', async () => {
    const { work, tap, to } = topology();
    const producer = await ours();
    await producer.declare([work, tap]);
    const ids = numbered(50);
    for (const id of ids) await producer.publish(message(id), to);
    const peer = theirs();
    await peer.ask('hold', 'worker', told(work), 50);
    const monitor = await createRedisTransport(redisContext(place()));
    await hold(monitor, tap, 50);
    await monitor.close();
    expect(await producer.size(work.name)).toBe(0);
    expect(await producer.size(tap.name)).toBe(50);
    expect(await peer.ask('ack', 'worker')).toBe(50);
    const again = await hold(await ours(), tap, 50);
    expect(again.map(idOf)).toEqual(ids);
    expect(again.every(({ info }) => info.redelivered)).toBe(true);
    await Promise.all(again.map((delivery) => delivery.ack()));
    expect(await place().client.hlen(`${place().prefix}unacked`)).toBe(0);
  });

  test('kombu restores what a vanished consumer of ours held to its own queue, and nowhere else', async () => {
    const { work, tap, to } = topology();
    const producer = await ours();
    await producer.declare([work, tap]);
    for (const id of numbered(10)) await producer.publish(message(id), to);
    const kill = await startHolder(place(), tap.name, 10, 2);
    await kill();
    await grow();
    const peer = theirs(EAGER);
    const seen = await peer.ask<SeenByKombu[]>('hold', 'monitor', told(tap), 10);
    expect(new Set(seen.map(idOf))).toEqual(new Set(numbered(10)));
    expect(seen.every(({ info }) => info.redelivered === true)).toBe(true);
    expect(await producer.size(work.name)).toBe(10);
    expect(await producer.size(tap.name)).toBe(0);
  });

  test('kombu restores nothing that we hold and renew', async () => {
    const { work } = topology();
    const holder = await ours(LEASE);
    await holder.declare([work]);
    for (const id of numbered(5)) await holder.publish(message(id), { exchange: '', routingKey: work.name });
    const held = await hold(holder, work, 5);
    const peer = theirs(EAGER);
    await peer.ask('hold', 'other', told(work), 0);
    // The one wait for time: three leases pass while kombu looks for abandoned messages.
    expect(await peer.ask('look', 'other', 6)).toEqual([]);
    expect(held.every(({ lost }) => !lost.aborted)).toBe(true);
    await Promise.all(held.map((delivery) => delivery.ack()));
    expect(await place().client.hlen(`${place().prefix}unacked`)).toBe(0);
  }, 40_000);

  test('what we gave back for later kombu restores at its time, when nobody of ours is left', async () => {
    const { work, tap, to } = topology();
    const holder = await ours(LEASE);
    await holder.declare([work, tap]);
    await holder.publish(message('later'), to);
    const [held] = await hold(holder, work, 1);
    await held?.release(4);
    const releasedAt = performance.now();
    await holder.close();
    const peer = theirs(EAGER);
    const seen = await peer.ask<SeenByKombu[]>('hold', 'other', told(work), 1);
    expect(seen.map(idOf)).toEqual(['later']);
    expect(performance.now() - releasedAt).toBeGreaterThan(3900);
    expect(await (await ours()).size(tap.name)).toBe(1);
  }, 40_000);

  test('what a killed kombu consumer held comes back to us', async () => {
    const { work } = topology();
    const direct: Queue = { ...work, exchange: { name: work.name, type: 'direct' }, routingKey: work.name };
    const peer = theirs(EAGER);
    await peer.ask('publish', direct.name, 'direct', direct.name, numbered(10), {}, {}, [told(direct)]);
    await peer.ask('hold', 'doomed', told(direct), 10);
    await grow();
    const back = await hold(await ours(LEASE), direct, 10);
    expect(new Set(back.map(idOf))).toEqual(new Set(numbered(10)));
    expect(back.every(({ info }) => info.redelivered)).toBe(true);
    await Promise.all(back.map((delivery) => delivery.ack()));
  });

  test('broadcasts reach every consumer, both ways', async () => {
    unique += 1;
    const exchange = { name: `pidbox${unique}`, type: 'fanout' } as const;
    const mine: Queue = { name: `mine${unique}`, exchange, routingKey: '' };
    const theirQueue: Queue = { name: `theirs${unique}`, exchange, routingKey: '' };
    const listener = await ours();
    const got = hold(listener, mine, 2);
    await listener.declare([mine]);
    await expect
      .poll(async () => Number(await place().client.pubsub('NUMPAT')), { timeout: 10_000 })
      .toBeGreaterThan(0);
    const peer = theirs();
    await peer.ask('hold', 'p', told(theirQueue), 0);
    await peer.ask('look', 'p', 0.3);
    await listener.publish(message('from us'), { exchange: exchange.name, routingKey: '' });
    await peer.ask('publish', exchange.name, 'fanout', '', ['from kombu'], {}, {}, [told(theirQueue)]);
    expect((await got).map(idOf)).toEqual(['from us', 'from kombu']);
    const seen = await peer.ask<SeenByKombu[]>('look', 'p', 1);
    expect(seen.map(idOf)).toEqual(['from us', 'from kombu']);
  });
});
