import { spawnSync } from 'node:child_process';
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

const NO_PRLIMIT = 'needs prlimit, to lift the limit of a running process';
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;
const FULL =
  'refuses work while the disk is full, loses nothing it had said yes to, and goes on when there is room';

it.skipIf(!hasPrlimit)(hasPrlimit ? FULL : `${FULL} (${NO_PRLIMIT})`, async () => {
  const folder = await dataFolder();
  // The shell counts in blocks of 512 or 1024 bytes: the journal may grow to 64 KiB at most.
  const server = await serverProcess(folder, 'ulimit -S -f 64');
  const queue = await queueOf(server);
  const accepted: string[] = [];
  const refusals: unknown[] = [];
  const send = async (number: number): Promise<void> => {
    const body = `${number}:${'x'.repeat(1000)}`;
    await queue.send(body).then(
      () => accepted.push(body),
      (error: unknown) => refusals.push(error),
    );
  };
  for (let i = 0; i < 100; i += 1) await send(i);
  expect(accepted.length).toBeGreaterThan(10);
  expect(refusals.length).toBeGreaterThan(10);
  expect(refusals[0]).toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(refusals[1]).toMatchObject({ $metadata: { httpStatusCode: 503 } });
  const refused = refusals.length;
  spawnSync('prlimit', ['--pid', `${server.pid}`, '--fsize=unlimited']);
  for (let i = 100; i < 120; i += 1) await send(i);
  expect(refusals).toHaveLength(refused);
  queue.client.destroy();
  await server.kill();
  const again = await queueOf(await serverProcess(folder));
  const found = await drain(again);
  again.client.destroy();
  expect(accepted.filter((body) => !found.has(body))).toEqual([]);
  // What was answered with 500 may be there: its sender knows nothing of it. What got 503 is not.
  expect(found.size - accepted.length).toBeLessThanOrEqual(1);
});
