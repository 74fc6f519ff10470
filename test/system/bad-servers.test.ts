import { once } from 'node:events';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/postgres.js';
import { createVhost, hasRabbitmq, NO_RABBITMQ } from '../support/rabbitmq.js';
import { startHere } from './support/cli.js';
import { ECHO, echo } from './support/echo.js';
import { CANARY, expectFailure } from './support/secret.js';

const NO_RETRY = { CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP: 'false' };

/** A port on which nobody listens. */
let closed = 0;
beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  closed = (server.address() as { port: number }).port;
  server.close();
  await once(server, 'close');
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
