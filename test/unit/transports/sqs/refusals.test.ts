import { expect, it } from 'vitest';
import { directQueue } from '../../../../src/messaging/index.js';
import { message } from '../virtual/support/store.js';
import { deliveriesOf, sqsClient, sqsServer, sqsTransport, urlOf } from './support/sqs-bench.js';

const queue = directQueue('q');
const to = { exchange: '', routingKey: 'q' };
const call = { ...message(), headers: { id: 'a', task: 'export.run' } };

/** Milliseconds until a work under way has ended. */
async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work, performance.now() - started];
}

it('gives a rejected task of a backoff policy again, after the time for that delivery', async () => {
  const server = await sqsServer();
  await (await sqsTransport(server)).declare([queue]);
  const calls: string[] = [];
  const transport = await sqsTransport(server, {
    on_api_call: (name: string) => calls.push(name),
    predefined_queues: {
      q: { url: urlOf(server, 'q'), backoff_policy: { 1: 1, 2: 2 }, backoff_tasks: ['export.run'] },
    },
  });
  const { next } = await deliveriesOf(transport, queue);
  await transport.publish(call, to);
  let delivery = await next();
  for (const [verb, seconds] of [
    ['reject', 1],
    ['release', 2],
  ] as const) {
    await delivery[verb]();
    const [again, waited] = await timed(next());
    expect(waited).toBeGreaterThan(seconds * 1000 - 200);
    expect(waited).toBeLessThan(seconds * 1000 + 1500);
    delivery = again;
  }
  // The policy names no third: the message is left until its lease ends, and no call says so.
  const told = (): number => calls.filter((name) => /Visibility|Delete/.test(name)).length;
  const before = told();
  await delivery.reject();
  expect([delivery.info.deliveryCount, told()]).toEqual([3, before]);
});

it('deletes what is rejected of other tasks, and what is wanted again comes after wait_time_seconds', async () => {
  const server = await sqsServer();
  await (await sqsTransport(server)).declare([queue]);
  const transport = await sqsTransport(server, {
    predefined_queues: {
      q: { url: urlOf(server, 'q'), backoff_policy: { 1: 600 }, backoff_tasks: ['another'] },
    },
  });
  const { next } = await deliveriesOf(transport, queue);
  await transport.publish(call, to);
  await (await next()).release();
  const [again, waited] = await timed(next());
  expect(waited).toBeGreaterThan(800);
  await again.reject();
  const { Attributes } = await sqsClient(server).getQueueAttributes({
    QueueUrl: urlOf(server, 'q'),
    AttributeNames: ['All'],
  });
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  });
});

it('makes dead-letter queues, with tags, and leaves to them what is rejected', async () => {
  const server = await sqsServer();
  const client = sqsClient(server);
  const fifo = directQueue('q.fifo');
  const transport = await sqsTransport(server, {
    dead_letters: { max_receive_count: 2 },
    queue_tags: { team: 'export' },
    visibility_timeout: 1,
    'sqs-creation-attributes': { ReceiveMessageWaitTimeSeconds: 3 },
  });
  await transport.declare([queue, fifo]);
  const { QueueUrls } = await client.listQueues({});
  expect(QueueUrls?.map((url) => url.split('/').at(-1)).sort()).toEqual([
    'q',
    'q-dead',
    'q-dead.fifo',
    'q.fifo',
  ]);
  for (const name of ['q', 'q-dead', 'q.fifo', 'q-dead.fifo']) {
    expect((await client.listQueueTags({ QueueUrl: urlOf(server, name) })).Tags).toEqual({ team: 'export' });
  }
  const all = { QueueUrl: urlOf(server, 'q'), AttributeNames: ['All' as const] };
  expect((await client.getQueueAttributes(all)).Attributes).toMatchObject({
    ReceiveMessageWaitTimeSeconds: '3',
    RedrivePolicy: expect.stringContaining('"maxReceiveCount":2') as string,
  });

  const { next } = await deliveriesOf(transport, queue);
  await transport.publish(call, to);
  for (const count of [1, 2]) {
    const delivery = await next();
    expect(delivery.info.deliveryCount).toBe(count);
    await delivery.reject();
  }
  // The receive that would be the third moves it.
  let found = await transport.deadLetters?.('q');
  while (found?.waiting === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    found = await transport.deadLetters?.('q');
  }
  expect(found).toEqual({ queue: 'q-dead', maxDeliveries: 2, waiting: 1 });
});

it('takes a redrive policy by sqs-creation-attributes, and notices one whose queue is gone', async () => {
  const server = await sqsServer();
  const client = sqsClient(server);
  await client.createQueue({ QueueName: 'graves' });
  const RedrivePolicy = {
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:graves',
    maxReceiveCount: 4,
  };
  const transport = await sqsTransport(server, { 'sqs-creation-attributes': { RedrivePolicy } });
  await transport.declare([queue]);
  expect(await transport.deadLetters?.('q')).toEqual({ queue: 'graves', maxDeliveries: 4, waiting: 0 });
  await client.deleteQueue({ QueueUrl: urlOf(server, 'graves') });
  await expect(transport.deadLetters?.('q')).rejects.toMatchObject({ code: 'NOT_DECLARED' });
});

it('deletes nothing while it may not ask whether the queue has a dead-letter queue', async () => {
  const server = await sqsServer({ faults: { deny: ({ action }) => action === 'GetQueueAttributes' } });
  const transport = await sqsTransport(server, { visibility_timeout: 1 });
  const { next } = await deliveriesOf(transport, queue);
  await transport.publish(call, to);
  await (await next()).reject();
  expect((await next()).info.deliveryCount).toBe(2);
});
