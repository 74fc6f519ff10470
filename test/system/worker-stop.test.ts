import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { execute, uniqueName } from '../support/postgres.js';
import { type Running, startHere } from './support/cli.js';
import { sqsSystem } from './support/sqs-system.js';

describe('stopping a worker', { timeout: 90_000 }, async () => {
  // Nothing comes back by itself while a test runs: what is there again was handed back.
  const system = await sqsSystem({ visibility_timeout: 600 });
  const client = new SQS({
    endpoint: system.sqs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    useQueueUrlAsEndpoint: false,
  });
  const folder = await mkdtemp(join(tmpdir(), 'stop-'));
  afterAll(async () => {
    client.destroy();
    await rm(folder, { recursive: true });
  });

  /** Messages waiting, and messages somebody holds. */
  async function inQueue(): Promise<{ waiting: number; held: number }> {
    const { QueueUrl } = await client.getQueueUrl({ QueueName: 't-msg' });
    const { Attributes } = await client.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    return {
      waiting: Number(Attributes?.ApproximateNumberOfMessages),
      held: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    };
  }

  async function empty(): Promise<void> {
    const { QueueUrl } = await client.getQueueUrl({ QueueName: 't-msg' });
    await client.purgeQueue({ QueueUrl });
  }

  /** A worker with one slot that runs a task until a file is there, and holds three more; gives their ids. */
  async function busyWorker(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ worker: Running; ids: readonly string[]; let: () => Promise<void> }> {
    const file = join(folder, uniqueName('go'));
    const worker = await system.serveWith(env, 'worker', '-c', '1', '-Q', 'msg', ...args);
    const first = await system.send('msg.wait_for', file);
    await worker.line(/waiting for/);
    const more = await Promise.all([1, 2, 3].map(() => system.send('msg.wait_for', file)));
    for (const id of more) await worker.line(new RegExp(`task received .*id=${id}`));
    expect(await inQueue()).toEqual({ waiting: 0, held: 4 });
    return { worker, ids: [first, ...more], let: () => writeFile(file, '') };
  }

  test('SIGTERM lets the running task end and hands back those that have not begun', async () => {
    const { worker, ids, let: finish } = await busyWorker();
    worker.kill('SIGTERM');
    await worker.line(/stopping: .*why=SIGTERM/);
    await expect.poll(inQueue, { timeout: 20_000 }).toEqual({ waiting: 3, held: 1 });
    await finish();
    expect(await worker.ended).toMatchObject({ code: 0 });
    expect(worker.lines.filter((line) => line.includes('waiting for'))).toHaveLength(1);
    expect(await inQueue()).toEqual({ waiting: 3, held: 0 });
    const states = await execute(system.database, 'SELECT task_id, status FROM celery_taskmeta');
    expect(states.rows).toEqual([{ task_id: ids[0], status: 'SUCCESS' }]);
    await empty();
  });

  test.each<[string, readonly NodeJS.Signals[], readonly string[], Readonly<Record<string, string>>]>([
    ['a second signal', ['SIGTERM', 'SIGINT'], [], {}],
    ['SIGQUIT', ['SIGQUIT'], [], {}],
    ['REMAP_SIGTERM=SIGQUIT', ['SIGTERM'], [], { REMAP_SIGTERM: 'SIGQUIT' }],
    ['a short --shutdown-timeout', ['SIGTERM'], ['--shutdown-timeout', '0.2'], {}],
  ])('%s does not wait for the running task: it goes back too', async (_name, signals, args, env) => {
    const { worker, ids } = await busyWorker(args, env);
    for (const signal of signals) {
      worker.kill(signal);
      await worker.line(new RegExp(`stopping.*why=${signal}`));
    }
    const { code, err } = await worker.ended;
    expect(code).toBe(0);
    expect(err).not.toContain('workertoolbox:');
    expect(await inQueue()).toEqual({ waiting: 4, held: 0 });
    const { rows } = await execute(
      system.database,
      `SELECT status FROM celery_taskmeta WHERE task_id = '${ids[0]}' AND status <> 'STARTED'`,
    );
    expect(rows).toEqual([]);
    await empty();
  });

  test('SIGQUIT waits for the soft timeout, where one is set', async () => {
    const { worker, ids, let: finish } = await busyWorker([], { CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT: '30' });
    worker.kill('SIGQUIT');
    await worker.line(/stopping.*why=SIGQUIT/);
    await finish();
    expect(await worker.ended).toMatchObject({ code: 0 });
    const { rows } = await execute(
      system.database,
      `SELECT status FROM celery_taskmeta WHERE task_id = '${ids[0]}'`,
    );
    expect(rows).toEqual([{ status: 'SUCCESS' }]);
    await empty();
  });

  test('a third signal ends it at once', async () => {
    const { worker } = await busyWorker();
    worker.kill('SIGTERM');
    await worker.line(/why=SIGTERM/);
    worker.kill('SIGINT');
    await worker.line(/why=SIGINT/);
    worker.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 1 });
    await empty();
  });

  test('sync-tasks stops at SIGTERM', async () => {
    const service = await system.serve('sync-tasks');
    service.kill('SIGTERM');
    expect(await service.ended).toMatchObject({ code: 0 });
  });

  test.each([
    ['worker', '--result-backend', 'db+postgresql://u:p@'],
    ['sync-tasks', '--database', 'postgresql://u:p@'],
  ])('%s stops while it still waits for a database that does not answer', async (command, option, url) => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const service = startHere([command, option, `${url}127.0.0.1:${port}/d`], { env: system.env });
    const [socket] = (await once(silent, 'connection')) as [Socket];
    onTestFinished(() => void socket.destroy());
    service.kill('SIGTERM');
    const { code, err } = await service.ended;
    expect(code).toBe(0);
    expect(err).not.toContain('workertoolbox:');
  });
});
