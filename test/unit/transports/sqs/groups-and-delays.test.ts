import { expect, it } from 'vitest';
import { directQueue, type OutgoingMessage, type Queue } from '../../../../src/messaging/index.js';
import { message } from '../virtual/support/store.js';
import { deliveriesOf, sqsClient, sqsServer, sqsTransport, urlOf } from './support/sqs-bench.js';

const exchange = { name: 'task_exchange', type: 'topic' } as const;
const work: Queue = { name: 'export', exchange, routingKey: 'export' };
const tap: Queue = { name: 'platform', exchange, routingKey: '#', tap: true };
const fifoTap: Queue = { name: 'platform.fifo', exchange, routingKey: '#', tap: true };
const to = { exchange: 'task_exchange', routingKey: 'export' };

it.each([
  ['delay_seconds', { delay_seconds: 600 }, 600],
  ['DelaySeconds', { DelaySeconds: '600' }, 600],
  ['delay_seconds before DelaySeconds', { delay_seconds: 0, DelaySeconds: 600 }, 0],
  ['more than SQS can', { DelaySeconds: 5000 }, 900],
  ['no number', { DelaySeconds: 'soon' }, 0],
  ['a negative number', { DelaySeconds: -5 }, 0],
])('holds the work back by %s; the tap is told at once', async (_what, properties, expected) => {
  const server = await sqsServer();
  const transport = await sqsTransport(server);
  await transport.declare([work, tap]);
  await transport.publish({ ...message(), properties }, to);
  expect([await transport.size('platform'), await transport.size('export')]).toEqual([
    1,
    expected > 0 ? 0 : 1,
  ]);
});

it('makes a standard queue fair by the property MessageGroupId, and by nothing else', async () => {
  const server = await sqsServer();
  const client = sqsClient(server);
  const transport = await sqsTransport(server);
  await transport.declare([work, fifoTap]);
  const own = { ...message(), group: 'family', deduplicationId: 'a1' };
  await transport.publish({ ...own, properties: { MessageGroupId: 'tenant-7' } }, to);
  await transport.publish({ ...own, deduplicationId: 'a2' }, to);
  const read = async (name: string) => {
    const { Messages = [] } = await client.receiveMessage({
      QueueUrl: urlOf(server, name),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
    });
    return Messages.map(({ Attributes }) => [Attributes?.MessageGroupId, Attributes?.MessageDeduplicationId]);
  };
  expect(await read('export')).toEqual([
    ['tenant-7', undefined],
    [undefined, undefined],
  ]);
  expect(await read('platform.fifo')).toEqual([
    ['tenant-7', 'a1'],
    ['family', 'a2'],
  ]);
});

it("takes kombu's defaults on a FIFO queue: group `default`, an id of its own for each publish", async () => {
  const server = await sqsServer();
  const transport = await sqsTransport(server);
  await transport.declare([directQueue('q.fifo')]);
  for (let n = 0; n < 3; n += 1) await transport.publish(message(n), { exchange: '', routingKey: 'q.fifo' });
  const { Messages = [] } = await sqsClient(server).receiveMessage({
    QueueUrl: urlOf(server, 'q.fifo'),
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
  });
  expect(Messages.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual([
    'default',
    'default',
    'default',
  ]);
  expect(new Set(Messages.map(({ Attributes }) => Attributes?.MessageDeduplicationId)).size).toBe(3);
});

it('sends message attributes with every copy, and brings those that are to be fetched', async () => {
  const server = await sqsServer();
  const fetch_message_attributes = {
    MessageSystemAttributeNames: ['MessageGroupId'],
    MessageAttributeNames: ['ALL'],
  };
  const transport = await sqsTransport(server, { fetch_message_attributes });
  const kind = { DataType: 'String', StringValue: 'export' };
  const sent: OutgoingMessage = { ...message(), properties: { message_attributes: { kind } } };
  await transport.declare([work, tap, fifoTap]);
  await transport.publish(sent, to);
  for (const queue of [work, tap, fifoTap]) {
    const { next, stop } = await deliveriesOf(transport, queue);
    const { properties } = await next();
    expect(properties.message_attributes).toEqual({ kind });
    expect(properties.system_attributes).toMatchObject({ ApproximateReceiveCount: '1' });
    await stop();
  }
});

it('waits polling_interval between empty polls', async () => {
  const server = await sqsServer();
  const at: number[] = [];
  const transport = await sqsTransport(server, {
    wait_time_seconds: 0,
    polling_interval: 0.3,
    on_api_call: (name: string) => void (name === 'ReceiveMessage' && at.push(performance.now())),
  });
  const { stop } = await deliveriesOf(transport, directQueue('q'));
  while (at.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
  await stop();
  expect((at[3]! - at[0]!) / 3).toBeGreaterThan(280);
});
