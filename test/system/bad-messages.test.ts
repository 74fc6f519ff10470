import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../support/postgres.js';
import type { Running } from './support/cli.js';
import { CANARY } from './support/secret.js';
import { sqsSystem } from './support/sqs-system.js';

const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

/** An envelope as kombu writes it. */
const envelope = (body: unknown, rest: object = {}): string =>
  base64({
    body: base64(body),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { lang: 'py', task: 'msg.echo', id: 'bad', root_id: 'bad', argsrepr: '()' },
    properties: { correlation_id: 'bad', delivery_info: {}, delivery_tag: 'x', body_encoding: 'base64' },
    ...rest,
  });

const EMBED = { callbacks: null, errbacks: null, chain: null, chord: null };

/** Each with the word quarantine has for it. */
const BAD: readonly (readonly [name: string, text: string])[] = [
  ['no base64', '\u00e9 not even base64 !'],
  ['base64 of nothing known', base64('garbage')],
  ['an empty envelope', base64({})],
  ['an envelope that is a list', base64([1, 2])],
  ['a body that is cut off', envelope('[1')],
  ['a body of another shape', envelope('7')],
  [
    'a pickle where only JSON is read',
    envelope('cos\nsystem\n.', { 'content-type': 'application/x-python-serialize' }),
  ],
  ['a content type nobody knows', envelope([['x'], {}, EMBED], { 'content-type': 'application/x-nothing' })],
  ['no headers', envelope([['x'], {}, EMBED], { headers: null })],
  ['a task that is no text', envelope([['x'], {}, EMBED], { headers: { task: 7, id: 'bad' } })],
  ['arguments that are none', envelope(['x', 7, EMBED])],
  ['a password in what is broken', envelope(`["amqp://u:${CANARY}@h`)],
  ['deep beyond reason', envelope(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
];

describe('messages nobody can read, on the queues of running processes', { timeout: 90_000 }, async () => {
  const system = await sqsSystem();
  const client = new SQS({
    endpoint: system.sqs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    useQueueUrlAsEndpoint: false,
  });
  let worker: Running;
  let syncTasks: Running;
  beforeAll(async () => {
    [worker, syncTasks] = await Promise.all([
      system.serve('worker', '--quarantine'),
      system.serve('sync-tasks', '-l', 'debug'),
    ]);
  });
  afterAll(() => client.destroy());

  const send = async (queue: string): Promise<void> => {
    const { QueueUrl } = await client.getQueueUrl({ QueueName: queue });
    for (const [name, MessageBody] of BAD) {
      const fifo = { MessageGroupId: 'g', MessageDeduplicationId: name.replaceAll(' ', '-') };
      await client.sendMessage({ QueueUrl, MessageBody, ...(queue.endsWith('.fifo') && fifo) });
    }
  };
  const kept = async (queue: string): Promise<number> => {
    const { rows } = await execute(
      system.database,
      `SELECT count(*)::int AS n FROM workertoolbox.quarantine WHERE queue = '${queue}'`,
    );
    return (rows[0] as { n: number }).n;
  };

  test.each([
    ['the worker', 'msg', () => worker],
    ['sync-tasks', 'platform.fifo', () => syncTasks],
  ])('%s sets every one aside, says so and goes on', async (_name, queue, service) => {
    await send(`t-${queue}`);
    await expect.poll(() => kept(queue), { timeout: 20_000, interval: 100 }).toBe(BAD.length);
    expect(await system.run('call', 'msg.echo', '-a', '["alive"]', '--wait')).toMatchObject({
      code: 0,
      out: 'alive\n',
    });
    const log = service().lines.join('\n');
    expect(log).toMatch(/set aside/);
    expect(log).not.toContain(CANARY);
    expect(log).not.toMatch(/^\s+at /m);
    expect(service().child.exitCode).toBeNull();
  });

  test('what came after is recorded', async () => {
    const { out } = await system.run('call', 'msg.echo', '-a', '["after"]', '--task-id', 'after');
    expect(out).toBe('after\n');
    await expect
      .poll(async () => (await system.run('family', 'after')).code, { timeout: 20_000, interval: 300 })
      .toBe(0);
  });
});
