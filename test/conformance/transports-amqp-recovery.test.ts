import { afterEach, expect, it } from 'vitest';
import {
  type Delivery,
  directQueue,
  type OutgoingMessage,
  type Queue,
  type Transport,
} from '../../src/messaging/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { amqpContext, describeRabbitmq } from '../support/rabbitmq.js';
import { tcpProxy } from '../support/tcp-proxy.js';

const message = (id: string, extra: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  body: Buffer.from(`[[${JSON.stringify(id)}],{},{}]`),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id, task: 'recovery.case' },
  properties: { correlation_id: id },
  ...extra,
});

/** A promise settled from outside. */
function signal<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describeRabbitmq('RabbitMQ recovery', (vhost) => {
  const open: { close(): Promise<void> }[] = [];
  let names = 0;
  const queueOf = (base: string) => directQueue(`${base}-${(names += 1)}`);

  async function transport(options: Record<string, unknown> = {}, url = vhost().url): Promise<Transport> {
    const made = await createAmqpTransport(amqpContext(url, options));
    open.push(made);
    return made;
  }

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  /** Consumes 2,000 messages while they are published in four parts, each under a strike. */
  async function surviveTwoThousand(url: string, prepare: () => Promise<() => Promise<unknown>>) {
    const queue = queueOf('forced');
    const producer = await transport({}, url);
    const worker = await transport({}, url);
    await producer.declare([queue]);
    const ids = new Set(Array.from({ length: 2_000 }, (_, n) => `m${n}`));
    const seen = new Set<string>();
    const all = signal();
    let downs = 0;
    await worker.consume({
      queues: [queue],
      prefetch: 50,
      onDelivery: (delivery) => {
        // A message counts when its acknowledgement was accepted; a lost one comes again.
        delivery.ack().then(
          () => {
            seen.add(String(delivery.headers.id));
            if (seen.size === ids.size) all.resolve();
          },
          () => {},
        );
      },
      onConnection: ({ kind }) => {
        if (kind === 'down') downs += 1;
      },
    });
    const waiting = [...ids];
    while (waiting.length > 0) {
      const part = waiting.splice(0, 500);
      const strike = await prepare();
      await Promise.all([
        strike(),
        ...part.map((id) => producer.publish(message(id), { exchange: '', routingKey: queue.name })),
      ]);
    }
    await all.promise;
    expect(seen).toEqual(ids);
    return { downs, left: await producer.size(queue.name) };
  }

  it('loses none of 2,000 messages while the broker closes connections by force', async () => {
    let closed = 0;
    const { downs } = await surviveTwoThousand(vhost().url, async () => {
      await expect.poll(() => vhost().countConnections('publish', 'consume'), { timeout: 20_000 }).toBe(2);
      return async () => {
        closed += await vhost().closeConnections('publish', 'consume');
      };
    });
    expect(closed).toBe(8);
    expect(downs).toBe(4);
  }, 90_000);

  it('loses none of 2,000 messages while connections are reset', async () => {
    const broker = new URL(vhost().url);
    const proxy = await tcpProxy(broker.hostname, Number(broker.port));
    open.push(proxy);
    const { downs } = await surviveTwoThousand(
      vhost().url.replace(broker.host, `127.0.0.1:${proxy.port}`),
      async () => async () => {
        for (let turn = 0; turn < 5; turn += 1) {
          await new Promise((resolve) => setImmediate(resolve));
          proxy.reset();
        }
      },
    );
    expect(downs).toBeGreaterThanOrEqual(1);
  }, 60_000);

  it('tells held deliveries that they are lost, and consumes them again', async () => {
    const queue = queueOf('held');
    const worker = await transport();
    const events: string[] = [];
    const first = signal<Delivery>();
    const second = signal<Delivery>();
    await worker.consume({
      queues: [queue],
      prefetch: 1,
      onDelivery: (delivery) => (delivery.info.redelivered ? second : first).resolve(delivery),
      onConnection: ({ kind }) => events.push(kind),
    });
    await worker.publish(message('held'), { exchange: queue.exchange.name, routingKey: queue.routingKey });
    const held = await first.promise;
    const aborted = new Promise<unknown>((resolve) => {
      held.lost.addEventListener('abort', () => resolve(held.lost.reason));
    });
    await expect.poll(() => vhost().closeConnections('consume'), { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await aborted).toMatchObject({ code: 'LEASE_LOST' });
    await expect(held.ack()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const again = await second.promise;
    expect(again.headers.id).toBe('held');
    await again.ack();
    expect(events).toEqual(['down', 'up']);
  });

  it('declares again, after a loss, what was not durable', async () => {
    const producer = await transport();
    const queue = { ...queueOf('transient'), durable: false };
    await producer.declare([queue]);
    const sweeper = await transport();
    await sweeper.connect();
    await expect.poll(() => vhost().closeConnections('publish'), { timeout: 20_000 }).toBeGreaterThan(0);
    await sweeper.deleteQueue(queue.name);
    await expect
      .poll(
        async () => {
          await vhost().closeConnections('publish');
          return producer.publish(message('found'), { exchange: '', routingKey: queue.name }).then(
            () => 'taken',
            (error: { readonly code: string }) => error.code,
          );
        },
        { timeout: 20_000 },
      )
      .toBe('taken');
  });

  it('consumes a deleted queue again, while another goes on', async () => {
    const gone = queueOf('gone');
    const stays = queueOf('stays');
    const worker = await transport();
    const got: string[] = [];
    const both = signal();
    await worker.consume({
      queues: [gone, stays],
      prefetch: 5,
      onDelivery: (delivery) => {
        got.push(delivery.info.queue);
        void delivery.ack();
        if (got.length === 2) both.resolve();
      },
    });
    const other = await transport();
    await other.connect();
    await other.deleteQueue(gone.name);
    await other.publish(message('s'), { exchange: '', routingKey: stays.name });
    await expect.poll(() => other.size(gone.name).catch(() => -1), { timeout: 10_000 }).toBe(0);
    await other.publish(message('g'), { exchange: '', routingKey: gone.name });
    await both.promise;
    expect(new Set(got)).toEqual(new Set([gone.name, stays.name]));
  });

  it('goes on with the other queues when one is forbidden, and with that one when it is allowed again', async () => {
    const user = `u-${vhost().name}`;
    const { api } = vhost();
    const rights = (read: string) =>
      api('PUT', `/api/permissions/${vhost().name}/${user}`, { configure: '.*', write: '.*', read });
    await api('PUT', `/api/users/${user}`, { password: 'pw', tags: '' });
    await rights('.*');
    const exchange = { name: 'readable', type: 'direct' } as const;
    const free: Queue = { name: 'readable-queue', exchange, routingKey: 'free' };
    const locked: Queue = { name: 'locked-queue', exchange, routingKey: 'locked' };
    const worker = await transport({}, vhost().urlFor({ user, password: 'pw' }));
    const got: string[] = [];
    const waiters = new Map<string, () => void>();
    const arrival = (id: string) => new Promise<void>((resolve) => waiters.set(id, resolve));
    await worker.consume({
      queues: [locked, free],
      prefetch: 5,
      onDelivery: (delivery) => {
        const id = String(delivery.headers.id);
        got.push(id);
        void delivery.ack().then(() => waiters.get(id)?.());
      },
    });
    const other = await transport();
    await rights('readable.*');
    await expect.poll(() => vhost().closeConnections('consume'), { timeout: 20_000 }).toBeGreaterThan(0);
    const first = arrival('free-1');
    await other.publish(message('free-1'), { exchange: '', routingKey: free.name });
    await other.publish(message('locked-1'), { exchange: '', routingKey: locked.name });
    await first;
    expect(got).not.toContain('locked-1');
    const second = arrival('locked-1');
    await rights('.*');
    await second;
    await api('DELETE', `/api/users/${user}`);
  });

  it('fails only the message the broker refuses, of many in flight', async () => {
    const queue = queueOf('refused');
    const producer = await transport();
    await producer.declare([queue]);
    const ids = Array.from({ length: 50 }, (_, n) => `m${n}`);
    const results = await Promise.allSettled(
      ids.map((id) =>
        producer.publish(message(id, id === 'm20' ? { properties: { expiration: 'soon' } } : {}), {
          exchange: '',
          routingKey: queue.name,
        }),
      ),
    );
    const failed = results.flatMap((result, n) => (result.status === 'rejected' ? [[n, result.reason]] : []));
    expect(failed).toHaveLength(1);
    expect(failed[0]?.[0]).toBe(20);
    expect(failed[0]?.[1]).toMatchObject({ code: 'BROKER_REFUSED' });
    expect(String(failed[0]?.[1])).toContain('invalid expiration');
    expect(await producer.size(queue.name)).toBeGreaterThanOrEqual(49);
  });

  it('fails with NOT_DECLARED when the exchange is deleted under it, and goes on when it is back', async () => {
    const queue = queueOf('vanished');
    const producer = await transport();
    await producer.declare([queue]);
    const to = { exchange: queue.exchange.name, routingKey: queue.routingKey };
    await producer.publish(message('before'), to);
    await vhost().api('DELETE', `/api/exchanges/${vhost().name}/${queue.exchange.name}`);
    await expect(producer.publish(message('during'), to)).rejects.toMatchObject({ code: 'NOT_DECLARED' });
    await producer.declare([queue]);
    await producer.publish(message('after'), to);
    expect(await producer.size(queue.name)).toBe(2);
  });

  it('notices a frozen connection within three heartbeats and loses nothing', async () => {
    const broker = new URL(vhost().url);
    const proxy = await tcpProxy(broker.hostname, Number(broker.port));
    open.push(proxy);
    const through = vhost().url.replace(broker.host, `127.0.0.1:${proxy.port}`);
    const queue = queueOf('frozen');
    const client = await transport({ heartbeat: 1 }, through);
    const down = signal<number>();
    const got = new Set<string>();
    const all = signal();
    await client.consume({
      queues: [queue],
      prefetch: 10,
      onDelivery: (delivery) => {
        got.add(String(delivery.headers.id));
        delivery.ack().catch(() => {});
        if (got.size === 20) all.resolve();
      },
      onConnection: ({ kind }) => kind === 'down' && down.resolve(performance.now()),
    });
    await client.publish(message('m0'), { exchange: '', routingKey: queue.name });
    const frozenAt = performance.now();
    proxy.freeze();
    const publishing = Array.from({ length: 19 }, (_, n) =>
      client.publish(message(`m${n + 1}`), { exchange: '', routingKey: queue.name }),
    );
    expect((await down.promise) - frozenAt).toBeLessThan(3_000);
    await Promise.all(publishing);
    await all.promise;
  }, 40_000);

  it('ends a publish when no connection can be had in time, naming the broker without its password', async () => {
    const client = await transport(
      { confirm_timeout: 0.3, connect_timeout: 0.2 },
      'amqp://bob:s3cret@127.0.0.1:1/',
    );
    const error: unknown = await client
      .publish(message('late'), { exchange: '', routingKey: 'any' })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(String(error)).toContain('ECONNREFUSED');
    expect(String(error)).not.toContain('s3cret');
  });

  it('waits for a broker that is late', async () => {
    const broker = new URL(vhost().url);
    const spare = await tcpProxy(broker.hostname, Number(broker.port));
    const { port } = spare;
    await spare.close();
    const client = await transport({}, vhost().url.replace(broker.host, `127.0.0.1:${port}`));
    const queue = queueOf('late');
    const declarer = await transport();
    await declarer.declare([queue]);
    const publishing = client.publish(message('early'), { exchange: '', routingKey: queue.name });
    open.push(await tcpProxy(broker.hostname, Number(broker.port), port));
    await publishing;
    expect(await declarer.size(queue.name)).toBe(1);
  });

  it('takes the next broker of a failover list', async () => {
    const client = await transport({}, `amqp://guest:guest@127.0.0.1:1/;${vhost().url}`);
    await client.connect();
    expect(client.url).not.toContain('guest:guest');
  });
});
