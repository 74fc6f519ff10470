import { afterEach, expect, it } from 'vitest';
import { type Delivery, directQueue, type Queue, type Transport } from '../../src/messaging/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { messageOf } from '../support/amqp-faults/traffic.js';
import { amqpContext, describeRabbitmq } from '../support/rabbitmq.js';

describeRabbitmq('RabbitMQ keeps what is to run later', (vhost) => {
  const open: Transport[] = [];

  async function transport(url = vhost().url): Promise<Transport> {
    const made = await createAmqpTransport(amqpContext(url));
    open.push(made);
    return made;
  }

  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  /** Deliveries of a queue one by one, with the moment each came. */
  async function deliveries(client: Transport, queue: Queue) {
    const ready: [Delivery, number][] = [];
    let wake = (): void => {};
    const consumption = await client.consume({
      queues: [queue],
      prefetch: 10,
      onDelivery: (delivery) => {
        ready.push([delivery, performance.now()]);
        wake();
      },
    });
    const next = async (): Promise<[Delivery, number]> => {
      while (ready.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return ready.shift() as [Delivery, number];
    };
    return { consumption, next };
  }

  it('tells a tap at once of what the queue gets later, and once', async () => {
    const exchange = { name: 'tapped', type: 'topic' } as const;
    const work: Queue = { name: 'tapped-work', exchange, routingKey: 'work' };
    const tap: Queue = { name: 'tapped-tap', exchange, routingKey: '#', tap: true };
    const client = await transport();
    await client.declare([work, tap]);
    const [works, taps] = [await deliveries(client, work), await deliveries(client, tap)];
    const from = performance.now();
    await client.publish(
      { ...messageOf('later'), delaySeconds: 2 },
      { exchange: 'tapped', routingKey: 'work' },
    );
    const [copy, copied] = await taps.next();
    expect(copied - from).toBeLessThan(1_500);
    const [original, came] = await works.next();
    expect(came - from).toBeGreaterThan(1_900);
    expect(original.headers).toEqual(copy.headers);
    expect(copy.info).toMatchObject({ exchange: 'tapped', routingKey: 'work', queue: tap.name });
    await Promise.all([copy.ack(), original.ack()]);
    expect(await Promise.all([client.size(work.name), client.size(tap.name)])).toEqual([0, 0]);
  });

  it('takes back what is released for long, and gives it again in time, marked and otherwise as it was', async () => {
    const queue = directQueue('parked');
    const client = await transport();
    const { next } = await deliveries(client, queue);
    const properties = { correlation_id: 'again', expiration: '1500', priority: 3 };
    await client.publish({ ...messageOf('again'), properties }, { exchange: '', routingKey: queue.name });
    const [first] = await next();
    const from = performance.now();
    await first.release(6);
    // Released is settled: nothing of it is held here any more, and its way through the levels was confirmed.
    await expect(first.ack()).rejects.toMatchObject({ code: 'STATE_INVALID' });
    const [second, came] = await next();
    expect(came - from).toBeGreaterThan(5_900);
    expect(second.info).toMatchObject({
      exchange: '',
      routingKey: queue.name,
      redelivered: true,
      priority: 3,
    });
    expect(second.headers).toEqual(first.headers);
    expect(second.body).toEqual(first.body);
    // And once more: RabbitMQ drops what comes twice through a queue, unless it looks new.
    await second.release(6);
    const [third] = await next();
    expect(third.headers).toEqual(first.headers);
    await third.ack();
    expect(await client.size(queue.name)).toBe(0);
  }, 30_000);

  it('leaves long waits to the worker where the user may not declare the levels', async () => {
    const user = `u-${vhost().name}`;
    const { api, name } = vhost();
    await api('PUT', `/api/users/${user}`, { password: 'pw', tags: '' });
    await api('PUT', `/api/permissions/${name}/${user}`, {
      configure: '^(?!celery_delayed).*',
      write: '.*',
      read: '.*',
    });
    const queue = directQueue('unlevelled');
    const client = await transport(vhost().urlFor({ user, password: 'pw' }));
    const { next } = await deliveries(client, queue);
    expect(client.capabilities.maxParkSeconds).toBeGreaterThan(0);
    await client.publish(
      { ...messageOf('soon'), delaySeconds: 60 },
      { exchange: '', routingKey: queue.name },
    );
    const [delivery] = await next();
    expect(client.capabilities).toMatchObject({ maxDelaySeconds: 0, maxParkSeconds: 0 });
    await delivery.ack();
    await api('DELETE', `/api/users/${user}`);
  });
});
