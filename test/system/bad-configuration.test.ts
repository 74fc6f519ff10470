import { createServer } from 'node:net';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/postgres.js';
import { createVhost, hasRabbitmq, NO_RABBITMQ } from '../support/rabbitmq.js';
import { cli, type Ended, startHere } from './support/cli.js';
import { CANARY, expectFailure } from './support/secret.js';

const ECHO = 'test/system/apps/echo.ts';
const NO_RETRY = { CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP: 'false' };

const echo = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  cli(['-A', ECHO, ...args], { env });

let closed = 0;
beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closed = (server.address() as { port: number }).port;
  await new Promise((resolve) => server.close(resolve));
});

describe('settings that cannot be read', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'an unreadable list',
      { CELERY_QUEUES: "['a'" },
      'environment variable CELERY_QUEUES ("[\'a\'"): expected JSON or a Python literal',
    ],
    [
      'a list that is none',
      { CELERY_QUEUES: '3' },
      "QUEUES: expected a list of queue names such as ['msg', 'export']",
    ],
    [
      'a broken mapping with a secret',
      { CELERY_BROKER_TRANSPORT_OPTIONS: `{"secret_key": "${CANARY}"` },
      'environment variable CELERY_BROKER_TRANSPORT_OPTIONS: expected JSON',
    ],
    [
      'a broken list of URLs',
      { CELERY_QUEUES: `["amqp://u:${CANARY}@h"` },
      'environment variable CELERY_QUEUES ("[\\"amqp://u:********@h',
    ],
    [
      'an unknown setting',
      { CELERY_TASK_TRACK_STARTD: 'true' },
      'task_track_startd: expected the name of a setting, got true; did you mean task_track_started?',
    ],
    ['a wrong type', { CELERY_TASK_TRACK_STARTED: '"yes"' }, 'task_track_started: expected true or false'],
    [
      'a number that is none',
      { CELERY_CHORD_UNLOCK_MAX_RETRIES: '-1' },
      'CHORD_UNLOCK_MAX_RETRIES: expected a whole number',
    ],
  ])('%s', async (_name, env, why) => {
    expectFailure(await echo(['check', '--offline'], env), 2, why);
  });

  test('several at once: a line for each', async () => {
    const { code, err } = await echo(['worker'], { CELERY_TASK_TRACK_STARTD: 'true', CELERY_TIMEZONE: '[]' });
    expect(code).toBe(2);
    expect(err).toMatch(/^workertoolbox: .*: 2 invalid\n {2}task_track_startd: .*\n {2}timezone: .*\n$/);
  });

  test.each([
    [
      'a broker nobody knows',
      ['call', 'msg.echo', '-b', `amq://u:${CANARY}@h/`],
      'broker_url amq://u:********@h/: nothing is registered for amq://; did you mean amqp://?',
    ],
    [
      'a database nobody knows',
      ['migrate', '--database', `mysql://u:${CANARY}@h/d`],
      'not the URL of a PostgreSQL database: mysql://u:********@h/d',
    ],
    [
      'no database',
      ['grant-worker', 'somebody', '--result-backend', 'cache+memory://'],
      'not the URL of a PostgreSQL database',
    ],
    [
      'arguments that are none',
      ['call', 'msg.echo', '--args', '[1'],
      '--args: expected JSON or a Python literal: unexpected end',
    ],
    [
      'arguments of the wrong kind',
      ['call', 'msg.echo', '--kwargs', '[1]'],
      '--kwargs: expected an object such as {"x": 1}',
    ],
    [
      'a task no queue takes',
      ['call', 'nowhere.echo', '-b', 'memory://'],
      'No queue would take task nowhere.echo',
    ],
    [
      'Sentry',
      ['worker', '-b', 'memory://'],
      'environment variable SENTRY_DSN: expected https://KEY@HOST/PROJECT',
    ],
  ])('%s', async (_name, args, why) => {
    expectFailure(await echo(args, { SENTRY_DSN: 'sentry' }), 2, why);
  });
});

describe('servers that are not there', () => {
  const sqs = (): string => `sqs://key:${CANARY}@127.0.0.1:${closed}`;
  const database = (): string => `postgresql://user:${CANARY}@127.0.0.1:${closed}/d`;

  test.each<[string, () => readonly string[], RegExp]>([
    ['worker, SQS', () => ['worker', '-b', sqs()], /SQS ListQueues at http:\/\/127.0.0.1:\d+: ECONNREFUSED/],
    [
      'worker, RabbitMQ',
      () => ['worker', '-b', `amqp://u:${CANARY}@127.0.0.1:${closed}//`],
      /cannot reach the broker at amqp:.*ECONNREFUSED/,
    ],
    [
      'worker, results',
      () => ['worker', '-b', 'memory://', '--result-backend', `db+${database()}`],
      /db\+postgresql:.*ECONNREFUSED/,
    ],
    ['call', () => ['call', 'msg.echo', '-b', sqs()], /SQS ListQueues at .*ECONNREFUSED/],
    [
      'result',
      () => ['result', 'x', '--result-backend', `db+${database()}`],
      /db\+postgresql:.*ECONNREFUSED/,
    ],
    ['family', () => ['family', 'x', '--database', database()], /platform database .*ECONNREFUSED/],
    [
      'sync-tasks',
      () => ['sync-tasks', '-b', 'memory://', '--database', database()],
      /platform database .*ECONNREFUSED/,
    ],
    ['migrate', () => ['migrate', '--database', database()], /platform database .*ECONNREFUSED/],
    [
      'grant-worker',
      () => ['grant-worker', 'somebody', '--database', database()],
      /platform database .*ECONNREFUSED/,
    ],
  ])('%s', async (_name, args, why) => {
    expectFailure(await echo(args(), NO_RETRY), 1, why);
  });

  test('a worker goes on trying, says so, and stops when it is told to', async () => {
    const worker = startHere(['-A', ECHO, 'worker', '-b', sqs()]);
    await worker.line(/not there yet: trying again .*attempt=1 /);
    worker.kill('SIGTERM');
    const { code, out, err } = await worker.ended;
    expect(code).toBe(0);
    expect(`${out}${err}`).not.toContain(CANARY);
    expect(err).not.toContain('workertoolbox:');
  });
});

describe('servers that refuse', async () => {
  const empty = await freshDatabase();
  const wrong = new URL(inject('postgresUrl'));
  wrong.password = CANARY;

  test.each<[string, readonly string[], string]>([
    [
      'worker',
      ['worker', '-b', 'memory://', '--result-backend', `db+${wrong.href}`],
      'password authentication failed',
    ],
    [
      'sync-tasks',
      ['sync-tasks', '-b', 'memory://', '--database', wrong.href],
      'password authentication failed',
    ],
    ['migrate', ['migrate', '--database', wrong.href], 'password authentication failed'],
    [
      'sync-tasks without tables',
      ['sync-tasks', '-b', 'memory://', '--database', empty],
      'create it with `workertoolbox migrate`',
    ],
    [
      'family without tables',
      ['family', 'x', '--database', empty],
      'create the tables with `workertoolbox migrate`',
    ],
    [
      'worker without tables',
      ['worker', '-b', 'memory://', '--result-backend', `db+${empty}`],
      'workertoolbox migrate',
    ],
  ])('%s', async (_name, args, why) => {
    expectFailure(await echo(args), 1, why);
  });

  test.skipIf(!hasRabbitmq())(`RabbitMQ${hasRabbitmq() ? '' : ` (${NO_RABBITMQ})`}`, async () => {
    const vhost = await createVhost();
    await vhost.remove();
    expectFailure(await echo(['worker', '-b', vhost.urlFor({ password: CANARY })]), 1, 'ACCESS_REFUSED');
    expectFailure(await echo(['worker', '-b', vhost.url]), 1, 'does not exist or the user may not use it');
  });
});
