import { afterEach, expect, it } from 'vitest';
import { directQueue, type Transport } from '../../src/messaging/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { amqpContext, describeRabbitmq } from '../support/rabbitmq.js';

describeRabbitmq('RabbitMQ refusals', (vhost) => {
  const open: Transport[] = [];

  async function transport(url = vhost().url): Promise<Transport> {
    const made = await createAmqpTransport(amqpContext(url));
    open.push(made);
    return made;
  }

  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('a wrong password is refused, and stays unseen', async () => {
    const client = await transport(vhost().urlFor({ password: 'wr0ng' }));
    const error = await failureOf(client.connect());
    expect(error).toMatchObject({ code: 'BROKER_REFUSED' });
    expect(String(error)).toContain('ACCESS_REFUSED');
    expect(JSON.stringify(error) + String(error)).not.toContain('wr0ng');
    expect(client.url).not.toContain('wr0ng');
  });

  it('a first publish with a wrong password fails at once', async () => {
    const client = await transport(vhost().urlFor({ password: 'wr0ng' }));
    const message = {
      body: Buffer.from(''),
      contentType: 'a/b',
      contentEncoding: 'binary',
      headers: {},
      properties: {},
    };
    const error = await failureOf(client.publish(message, { exchange: '', routingKey: 'q' }));
    expect(error).toMatchObject({ code: 'BROKER_REFUSED' });
  });

  it('a missing virtual host is refused by name', async () => {
    const error = await failureOf((await transport(vhost().urlFor({ vhost: 'no-such' }))).connect());
    expect(error).toMatchObject({ code: 'BROKER_REFUSED' });
    expect(String(error)).toContain('no-such');
  });

  it('a broker that is not there is unreachable', async () => {
    const error = await failureOf((await transport('amqp://guest:hidden@127.0.0.1:1/')).connect());
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(String(error)).toContain('127.0.0.1:1');
    expect(String(error)).not.toContain('hidden');
  });

  it('a missing queue is named', async () => {
    const client = await transport();
    for (const asked of [client.size('missing'), client.purge('missing')]) {
      const error = await failureOf(asked);
      expect(error).toMatchObject({ code: 'NOT_DECLARED', fields: { queue: 'missing' } });
    }
  });

  it('a queue declared differently is named with the difference, by declare and by consume', async () => {
    const client = await transport();
    const queue = directQueue('stands');
    await client.declare([queue]);
    const differs = { ...queue, arguments: { 'x-max-priority': 5 } };
    const consuming = client.consume({ queues: [differs], prefetch: 1, onDelivery: () => {} });
    for (const attempt of [client.declare([differs]), consuming]) {
      const error = await failureOf(attempt);
      expect(error).toMatchObject({ code: 'BROKER_REFUSED', fields: { queue: 'stands' } });
      expect(String(error)).toContain("inequivalent arg 'x-max-priority'");
    }
    // The connection serves on.
    await client.declare([queue]);
    expect(await client.size('stands')).toBe(0);
  });

  it('a user without rights is told which', async () => {
    const user = `u-${vhost().name}`;
    await vhost().api('PUT', `/api/users/${user}`, { password: 'pw', tags: '' });
    await vhost().api('PUT', `/api/permissions/${vhost().name}/${user}`, {
      configure: '',
      write: '',
      read: '',
    });
    try {
      const client = await transport(vhost().urlFor({ user, password: 'pw' }));
      const error = await failureOf(client.declare([directQueue('forbidden')]));
      expect(error).toMatchObject({ code: 'BROKER_REFUSED', fields: { queue: 'forbidden' } });
      expect(String(error)).toContain('access to exchange');
    } finally {
      await vhost().api('DELETE', `/api/users/${user}`);
    }
  });

  it('a full queue that rejects publishes refuses', async () => {
    const client = await transport();
    const queue = {
      ...directQueue('full'),
      arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' },
    };
    await client.declare([queue]);
    const message = {
      body: Buffer.from('x'),
      contentType: 'a/b',
      contentEncoding: 'binary',
      headers: {},
      properties: {},
    };
    await client.publish(message, { exchange: '', routingKey: 'full' });
    await expect(client.publish(message, { exchange: '', routingKey: 'full' })).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
    });
  });

  it('headers that cannot be written are refused, and the next message is sent', async () => {
    const client = await transport();
    const queue = directQueue('unwritable');
    await client.declare([queue]);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const to = { exchange: '', routingKey: 'unwritable' };
    const message = { body: Buffer.from('x'), contentType: 'a/b', contentEncoding: 'binary', properties: {} };
    const cases = [
      [circular, 'ENCODE_FAILED'],
      [{ ['k'.repeat(300)]: 1 }, 'ENCODE_FAILED'],
      [{ large: 'x'.repeat(70_000) }, 'BUDGET_EXCEEDED'],
    ] as const;
    for (const [headers, code] of cases) {
      expect(await failureOf(client.publish({ ...message, headers }, to))).toMatchObject({ code });
    }
    await client.publish({ ...message, headers: {} }, to);
    expect(await client.size('unwritable')).toBe(1);
  });

  it('quorum queues are consumed with a limit per consumer, and count deliveries', async () => {
    const client = await transport();
    const byArgument = { ...directQueue('quorum'), arguments: { 'x-queue-type': 'quorum' } };
    await client.declare([byArgument]);
    const message = {
      body: Buffer.from('x'),
      contentType: 'a/b',
      contentEncoding: 'binary',
      headers: {},
      properties: {},
    };
    await client.publish(message, { exchange: '', routingKey: 'quorum' });
    const counts: (number | undefined)[] = [];
    await new Promise<void>((resolve, reject) => {
      client
        .consume({
          queues: [byArgument],
          prefetch: 1,
          onDelivery: (delivery) => {
            counts.push(delivery.info.deliveryCount);
            if (counts.length < 3) void delivery.release();
            else delivery.ack().then(resolve, reject);
          },
        })
        .catch(reject);
    });
    expect(counts.slice(1)).toEqual([2, 3]);
  });
});
