import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../../../src/base/index.js';
import { type SqsServer, startSqsServer } from '../../../../src/embedded/sqs/index.js';
import type { Delivery, Queue, Transport } from '../../../../src/messaging/index.js';
import { createSqsTransport } from '../../../../src/transports/sqs/index.js';

const exchange = { name: 'task_exchange', type: 'topic' } as const;
const work: Queue = { name: 'export', exchange, routingKey: 'export' };
const tap: Queue = { name: 'platform.fifo', exchange, routingKey: '#', tap: true };
const BURST = 500;

let server: SqsServer;
let open: Transport[] = [];

beforeEach(async () => {
  server = await startSqsServer();
});
afterEach(async () => {
  await Promise.all(open.map((transport) => transport.close()));
  open = [];
  await server.close();
});

/** A transport whose calls are counted, by name. */
async function counted(): Promise<{ transport: Transport; calls: Map<string, number>; total: () => number }> {
  const calls = new Map<string, number>();
  const transport = await createSqsTransport({
    url: `sqs://key:secret@127.0.0.1:${server.port}`,
    options: {
      wait_time_seconds: 1,
      on_api_call: (name: string) => calls.set(name, (calls.get(name) ?? 0) + 1),
    },
    logger: silentLogger,
    clock: systemClock,
  });
  open.push(transport);
  await transport.declare([work, tap]);
  calls.clear();
  return { transport, calls, total: () => [...calls.values()].reduce((sum, count) => sum + count, 0) };
}

/** Consumes and acknowledges until `count` messages came; resolves when the broker knows. */
async function drain(transport: Transport, queue: Queue, prefetch: number, count: number): Promise<void> {
  const acks: Promise<void>[] = [];
  let done = (): void => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  await transport.consume({
    queues: [queue],
    prefetch,
    onDelivery: (delivery: Delivery) => {
      // As a worker does: the task runs for a turn of the loop.
      setImmediate(() => {
        acks.push(delivery.ack());
        if (acks.length === count) done();
      });
    },
  });
  await all;
  await Promise.all(acks);
}

const message = (id: string) => ({
  body: Buffer.from('[[1, 2], {}, {}]'),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { task: 'export.run', id },
  properties: {},
  group: `family-${Number(id) % 50}`,
  deduplicationId: id,
});

it('moves a burst over the whole path with at most 0.7 calls per task', async () => {
  const producer = await counted();
  const ids = Array.from({ length: BURST }, (_, n) => String(n));
  await Promise.all(
    ids.map((id) =>
      producer.transport.publish(message(id), { exchange: exchange.name, routingKey: 'export' }),
    ),
  );
  const worker = await counted();
  await drain(worker.transport, work, 32, BURST);
  const syncTasks = await counted();
  await drain(syncTasks.transport, tap, 500, BURST);
  const perTask = [producer, worker, syncTasks].map(({ total }) => total() / BURST);
  console.info(
    JSON.stringify({
      figure: 'sqs calls per task, burst',
      producer: perTask[0],
      worker: perTask[1],
      syncTasks: perTask[2],
    }),
  );
  expect(perTask[0]).toBeLessThanOrEqual(0.22);
  expect(perTask[1]).toBeLessThanOrEqual(0.25);
  expect(perTask[2]).toBeLessThanOrEqual(0.25);
  expect(perTask.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(0.7);
});

it('costs a receive and a delete for each task that comes alone', async () => {
  const producer = await counted();
  const worker = await counted();
  let settled = (): void => {};
  const consumption = await worker.transport.consume({
    queues: [work],
    prefetch: 32,
    onDelivery: (delivery) => void delivery.ack().then(() => settled()),
  });
  const tasks = 10;
  for (let n = 0; n < tasks; n += 1) {
    const once = new Promise<void>((resolve) => {
      settled = resolve;
    });
    await producer.transport.publish(message(String(n)), { exchange: exchange.name, routingKey: 'export' });
    await once;
  }
  await consumption.stop();
  expect(producer.total() / tasks).toBe(2);
  // The long poll under way at the end belongs to no task.
  expect((worker.total() - 1) / tasks).toBeLessThanOrEqual(2);
});
