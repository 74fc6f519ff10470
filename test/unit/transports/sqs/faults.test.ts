import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { silentLogger, systemClock } from '../../../../src/base/index.js';
import { type SqsFaults, type SqsServer, startSqsServer } from '../../../../src/embedded/sqs/index.js';
import {
  type Delivery,
  directQueue,
  type OutgoingMessage,
  type Transport,
} from '../../../../src/messaging/index.js';
import { createSqsTransport } from '../../../../src/transports/sqs/index.js';
import { message } from '../virtual/support/store.js';

const queue = directQueue('q');
const fifo = directQueue('q.fifo');
const to = (name: string) => ({ exchange: '', routingKey: name });

async function sqs(faults?: SqsFaults): Promise<SqsServer> {
  const server = await startSqsServer(faults ? { faults } : {});
  onTestFinished(() => server.close());
  return server;
}

async function transportTo(
  server: { port: number },
  options: Record<string, unknown> = {},
): Promise<Transport> {
  const transport = await createSqsTransport({
    url: `sqs://key:secret@127.0.0.1:${server.port}`,
    options: { region: 'us-east-1', wait_time_seconds: 1, visibility_timeout: 30, ...options },
    logger: silentLogger,
    clock: systemClock,
  });
  onTestFinished(() => transport.close());
  return transport;
}

/** Publishes `count` at once, consumes and acknowledges until each came; the bodies in order of arrival. */
async function through(transport: Transport, name: string, count: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  const acks: Promise<void>[] = [];
  const distinct = new Set<unknown>();
  let done = (): void => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const onDelivery = (delivery: Delivery): void => {
    const value: unknown = JSON.parse(Buffer.from(delivery.body).toString());
    seen.push(value);
    distinct.add(value);
    acks.push(delivery.ack());
    if (distinct.size === count) done();
  };
  await Promise.all(Array.from({ length: count }, (_, n) => transport.publish(message(n), to(name))));
  const consumption = await transport.consume({ queues: [directQueue(name)], prefetch: 50, onDelivery });
  await all;
  await consumption.stop();
  await Promise.all(acks);
  return seen;
}

it('loses nothing while a third of the calls is throttled', async () => {
  const server = await sqs({ throttle: ({ action }, random) => !/Queue/.test(action) && random() < 0.3 });
  const transport = await transportTo(server);
  await transport.declare([queue]);
  expect(new Set(await through(transport, 'q', 100)).size).toBe(100);
});

it('tries refused entries of a batch again: nothing is lost, nothing runs twice', async () => {
  const server = await sqs({ failBatchEntries: 0.1 });
  const transport = await transportTo(server);
  await transport.declare([queue]);
  const seen = await through(transport, 'q', 200);
  expect(seen.length).toBe(200);
  expect(await transport.size('q')).toBe(0);
});

it('keeps the deduplication id when a send is repeated: a lost answer doubles nothing on a FIFO queue', async () => {
  let drops = 0;
  const server = await sqs({
    dropResponse: ({ action }) => {
      drops += 1;
      return action === 'SendMessageBatch' && drops % 2 === 0;
    },
  });
  const transport = await transportTo(server);
  await transport.declare([fifo]);
  const seen = await through(transport, 'q.fifo', 50);
  expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(drops).toBeGreaterThan(1);
});

it('refuses as BROKER_REFUSED what the rights do not allow, naming the action, and goes on when they do', async () => {
  let denied = true;
  const server = await sqs({ deny: ({ action }) => denied && /Message|Attributes|ListQueues/.test(action) });
  const transport = await transportTo(server);
  // Rights to list and to read attributes are not needed.
  await transport.connect();
  await transport.declare([queue]);
  await expect(transport.publish(message(), to('q'))).rejects.toMatchObject({
    code: 'BROKER_REFUSED',
    message: expect.stringMatching(/SendMessageBatch for queue "q".*grant/) as string,
  });
  const events: string[] = [];
  let arrived: (delivery: Delivery) => void = () => {};
  const delivery = new Promise<Delivery>((resolve) => {
    arrived = resolve;
  });
  await transport.consume({
    queues: [queue],
    prefetch: 1,
    onDelivery: arrived,
    onConnection: ({ kind }) => {
      events.push(kind);
      denied = false;
    },
  });
  while (denied) await new Promise((resolve) => setImmediate(resolve));
  await transport.publish(message('back'), to('q'));
  await (await delivery).ack();
  expect(events).toEqual(['down', 'up']);
});

it('says where nobody listens, and stops waiting at its deadline', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const transport = await transportTo({ port }, { publish_timeout: 0.5 });
  for (const attempt of [transport.connect(), transport.publish(message(), to('q'))]) {
    await expect(attempt).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining(`http://127.0.0.1:${port}`) as string,
    });
  }
});

it('uses no queue but the predefined ones', async () => {
  const server = await sqs();
  const maker = await transportTo(server);
  await maker.declare([queue, fifo]);
  const predefined_queues = {
    q: { url: `${server.url}/000000000000/q`, access_key_id: 'other', secret_access_key: 's' },
  };
  const calls: string[] = [];
  const transport = await transportTo(server, {
    predefined_queues,
    on_api_call: (name: string) => calls.push(name),
  });
  await transport.connect();
  await transport.declare([queue]);
  await transport.publish(message(), to('q'));
  expect(await maker.size('q')).toBe(1);
  await expect(transport.declare([fifo])).rejects.toMatchObject({ code: 'NOT_DECLARED' });
  expect(calls).toEqual(['GetQueueAttributes', 'SendMessageBatch']);
});

it('holds a message back with DelaySeconds, kombu property or ours, and never on a FIFO queue', async () => {
  const server = await sqs();
  const transport = await transportTo(server);
  await transport.declare([queue, fifo]);
  const delayed: OutgoingMessage = { ...message(), delaySeconds: 600 };
  await transport.publish(delayed, to('q'));
  await transport.publish({ ...message(), properties: { DelaySeconds: 600 } }, to('q'));
  await transport.publish(delayed, to('q.fifo'));
  expect([await transport.size('q'), await transport.size('q.fifo')]).toEqual([0, 1]);
});

it('takes the lease of the queue where none is configured', async () => {
  const server = await sqs();
  const maker = await transportTo(server, {
    'sqs-creation-attributes': { VisibilityTimeout: 1 },
    visibility_timeout: undefined,
  });
  await maker.declare([queue]);
  await maker.publish(message('held'), to('q'));
  const other = await transportTo(server, { visibility_timeout: undefined });
  const first = await new Promise<Delivery>((resolve, reject) => {
    maker.consume({ queues: [queue], prefetch: 1, onDelivery: resolve }).catch(reject);
  });
  const again = new Promise<Delivery>((resolve, reject) => {
    other.consume({ queues: [queue], prefetch: 1, onDelivery: resolve }).catch(reject);
  });
  // Kept by renewing every third of a second: closing is what gives it to the other.
  expect(
    await Promise.race([
      again.then(() => 'other'),
      new Promise((resolve) => setTimeout(() => resolve('kept'), 2500)),
    ]),
  ).toBe('kept');
  expect(first.lost.aborted).toBe(false);
  await maker.close();
  expect((await again).info.deliveryCount).toBe(2);
});
