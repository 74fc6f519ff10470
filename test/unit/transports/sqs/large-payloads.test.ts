import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Queue } from '../../../../src/messaging/index.js';
import { loadBucketDriver } from '../../../../src/transports/sqs/payloads/bucket-store.js';
import { message } from '../virtual/support/store.js';
import { deliveriesOf, sqsClient, sqsServer, sqsTransport, urlOf } from './support/sqs-bench.js';

const exchange = { name: 'task_exchange', type: 'topic' } as const;
const work: Queue = { name: 'export', exchange, routingKey: 'export' };
const tap: Queue = { name: 'platform.fifo', exchange, routingKey: '#', tap: true };
const to = { exchange: 'task_exchange', routingKey: 'export' };
/** Over the 1 MiB that a queue takes. */
const large = { ...message('x'.repeat(1_100_000)), group: 'family', deduplicationId: 'a' };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'payloads-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it('keeps in a folder what is too large, a copy for each queue, until it is done with', async () => {
  const server = await sqsServer();
  const path = await folder();
  const transport = await sqsTransport(server, { large_payloads: { folder: path } });
  await transport.declare([work, tap]);
  await transport.publish(large, to);
  expect(await readdir(path)).toHaveLength(2);
  for (const [queue, left] of [
    [work, 1],
    [tap, 0],
  ] as const) {
    const { next, stop } = await deliveriesOf(transport, queue);
    const delivery = await next();
    // Vitest's own comparison takes seconds for a megabyte.
    expect(Buffer.compare(delivery.body, large.body)).toBe(0);
    expect(delivery.headers).toEqual(large.headers);
    await delivery.ack();
    expect(await readdir(path)).toHaveLength(left);
    await stop();
  }
});

it('leaves small messages alone, and those under the threshold', async () => {
  const server = await sqsServer();
  const path = await folder();
  const transport = await sqsTransport(server, { large_payloads: { folder: path, threshold: 5000 } });
  await transport.declare([work]);
  await transport.publish(message('small'), to);
  expect(await readdir(path)).toHaveLength(0);
  await transport.publish(message('x'.repeat(6000)), to);
  expect(await readdir(path)).toHaveLength(1);
});

it('keeps the body through redeliveries', async () => {
  const server = await sqsServer();
  const path = await folder();
  const transport = await sqsTransport(server, { large_payloads: { folder: path } });
  const { next } = await deliveriesOf(transport, work);
  await transport.publish(large, to);
  await (await next()).release(0);
  const again = await next();
  expect(again.info.deliveryCount).toBe(2);
  await again.ack();
  expect(await readdir(path)).toHaveLength(0);
});

it('refuses before any copy is sent: without a place, and what no worker would read', async () => {
  const server = await sqsServer();
  const path = await folder();
  const none = await sqsTransport(server);
  const some = await sqsTransport(server, { large_payloads: { folder: path } });
  const huge = message('x'.repeat(9_000_000));
  for (const [transport, sent] of [
    [none, large],
    [some, huge],
  ] as const) {
    await transport.declare([work, tap]);
    const started = performance.now();
    await expect(transport.publish(sent, to)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
    console.info(
      JSON.stringify({ figure: 'refusal of a large message, ms', value: performance.now() - started }),
    );
    expect(await transport.size('platform.fifo')).toBe(0);
  }
  expect(await readdir(path)).toHaveLength(0);
});

it('sends nothing and keeps nothing when a body cannot be put outside', async () => {
  const server = await sqsServer();
  const path = join(await folder(), 'file');
  await writeFile(path, '');
  const transport = await sqsTransport(server, { large_payloads: { folder: path } });
  await transport.declare([work, tap]);
  await expect(transport.publish(large, to)).rejects.toMatchObject({
    code: 'BROKER_UNREACHABLE',
    message: expect.stringContaining(path) as string,
  });
  expect(await transport.size('platform.fifo')).toBe(0);
});

it('takes back what was put outside when the send is refused', async () => {
  const server = await sqsServer({ faults: { deny: ({ action }) => action === 'SendMessageBatch' } });
  const path = await folder();
  const transport = await sqsTransport(server, { large_payloads: { folder: path } });
  await transport.declare([work, tap]);
  await expect(transport.publish(large, to)).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
  expect(await readdir(path)).toHaveLength(0);
});

it.each([
  [
    'a body that is gone',
    '["cadasta.workertoolbox.PayloadFilePointer",{"file":"0b9d7b9e-3c5f-4a59-9f0c-0d7f6f2f1a11"}]',
    /is gone/,
  ],
  [
    'a file elsewhere',
    '["cadasta.workertoolbox.PayloadFilePointer",{"file":"../../etc/passwd"}]',
    /not kept in the folder/,
  ],
  [
    'a bucket',
    '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"b","s3Key":"k"}]',
    /not kept in the folder/,
  ],
])('brings %s as a defect, to be set aside', async (_what, body, defect) => {
  const server = await sqsServer();
  const transport = await sqsTransport(server, { large_payloads: { folder: await folder() } });
  await transport.declare([work]);
  await sqsClient(server).sendMessage({ QueueUrl: urlOf(server, 'export'), MessageBody: body });
  const delivery = await (await deliveriesOf(transport, work)).next();
  expect(delivery.defect).toMatch(defect);
  expect(Buffer.from(delivery.body).toString()).toBe(body);
  await delivery.reject();
});

it('says that a body is kept outside where no place is configured', async () => {
  const server = await sqsServer();
  const path = await folder();
  await (await sqsTransport(server, { large_payloads: { folder: path } })).declare([work]);
  const sender = await sqsTransport(server, { large_payloads: { folder: path, threshold: 0 } });
  await sender.declare([work]);
  await sender.publish(message(), to);
  const { next } = await deliveriesOf(await sqsTransport(server), work);
  expect((await next()).defect).toMatch(/large_payloads/);
});

it('removes files that no message can point to any more', async () => {
  const server = await sqsServer();
  const path = await folder();
  const [old, young, foreign] = [
    '0b9d7b9e-3c5f-4a59-9f0c-0d7f6f2f1a11',
    '0b9d7b9e-3c5f-4a59-9f0c-0d7f6f2f1a12',
    'notes.txt',
  ];
  for (const name of [old, young, foreign]) await writeFile(join(path, name), '');
  const longAgo = new Date(Date.now() - 16 * 24 * 3600 * 1000);
  for (const name of [old, foreign]) await utimes(join(path, name), longAgo, longAgo);
  await sqsTransport(server, { large_payloads: { folder: path } });
  while ((await readdir(path)).includes(old)) await new Promise((resolve) => setTimeout(resolve, 10));
  expect((await readdir(path)).sort()).toEqual([young, foreign]);
});

it('names the command that installs the client for buckets', async () => {
  await expect(
    loadBucketDriver(() => Promise.reject(new Error('Cannot find package'))),
  ).rejects.toMatchObject({
    code: 'DRIVER_MISSING',
    message: expect.stringContaining('npm install @aws-sdk/client-s3') as string,
  });
});
