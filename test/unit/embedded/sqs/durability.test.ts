import { CreateQueueCommand, DeleteMessageBatchCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { dataFolder, type ServerProcess, serverProcess } from './support/server-process.js';
import { sqsClient, TestQueue } from './support/test-server.js';

const SENDERS = 4;
const PER_BATCH = 5;
const LEASE_SECONDS = 3;

class Ledger {
  /** Sent, and the server said yes. */
  readonly accepted = new Set<string>();
  /** Asked to be deleted; without an answer either outcome is right. */
  readonly deleting = new Set<string>();
  /** Deleted, and the server said yes. */
  readonly deleted = new Set<string>();
}

async function queueOf(server: ServerProcess): Promise<TestQueue> {
  const client = sqsClient(server.url);
  const Attributes = { VisibilityTimeout: `${LEASE_SECONDS}` };
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'tasks', Attributes }));
  return new TestQueue(client, QueueUrl!);
}

/** Sends five and deletes two, over and over, until the server is gone. */
async function work(queue: TestQueue, name: string, ledger: Ledger): Promise<void> {
  const QueueUrl = queue.url;
  for (let round = 0; ; round += 1) {
    const bodies = Array.from({ length: PER_BATCH }, (_, i) => `${name}-${round}-${i}`);
    const Entries = bodies.map((MessageBody, i) => ({ Id: `${i}`, MessageBody }));
    await queue.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    for (const body of bodies) ledger.accepted.add(body);
    const messages = await queue.receive({ MaxNumberOfMessages: 2 });
    if (messages.length === 0) continue;
    const handles = messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle }));
    for (const { Body } of messages) ledger.deleting.add(Body!);
    await queue.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
    for (const { Body } of messages) ledger.deleted.add(Body!);
  }
}

async function drain(queue: TestQueue): Promise<Set<string | undefined>> {
  const found = new Set<string | undefined>();
  while ((await queue.counts()).some((count) => count > 0)) {
    const messages = await queue.receive({ WaitTimeSeconds: LEASE_SECONDS + 1 });
    if (messages.length === 0) continue;
    for (const { Body } of messages) found.add(Body);
    const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle }));
    await queue.client.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
  }
  return found;
}

it('keeps every acknowledged send and delete over kill -9, again and again', async () => {
  const folder = await dataFolder();
  const ledger = new Ledger();
  for (const [life, enough] of [300, 711, 1234].entries()) {
    const server = await serverProcess(folder);
    const queue = await queueOf(server);
    const works = Array.from({ length: SENDERS }, (_, i) =>
      work(queue, `life${life}-sender${i}`, ledger).catch(() => {}),
    );
    while (ledger.accepted.size < enough) await new Promise((resolve) => setImmediate(resolve));
    await server.kill();
    await Promise.all(works);
    queue.client.destroy();
  }
  const queue = await queueOf(await serverProcess(folder));
  const found = await drain(queue);
  queue.client.destroy();
  expect(ledger.deleted.size).toBeGreaterThan(100);
  expect([...ledger.accepted].filter((body) => !found.has(body) && !ledger.deleting.has(body))).toEqual([]);
  expect([...ledger.deleted].filter((body) => found.has(body))).toEqual([]);
});

it('refuses work while the disk is full, and loses nothing it had said yes to', async () => {
  const folder = await dataFolder();
  // The shell counts in blocks of 512 or 1024 bytes: the journal may grow to 64 KiB at most.
  const server = await serverProcess(folder, 'ulimit -f 64');
  const queue = await queueOf(server);
  const accepted: string[] = [];
  const refusals: unknown[] = [];
  for (let i = 0; i < 200; i += 1) {
    const body = `${i}:${'x'.repeat(1000)}`;
    await queue.send(body).then(
      () => accepted.push(body),
      (error: unknown) => refusals.push(error),
    );
  }
  expect(accepted.length).toBeGreaterThan(10);
  expect(refusals.length).toBeGreaterThan(10);
  expect(refusals[0]).toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(refusals[1]).toMatchObject({ $metadata: { httpStatusCode: 503 } });
  queue.client.destroy();
  await server.kill();
  const again = await queueOf(await serverProcess(folder));
  const found = await drain(again);
  again.client.destroy();
  expect(accepted.filter((body) => !found.has(body))).toEqual([]);
});
