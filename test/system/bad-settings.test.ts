import { describe, expect, test } from 'vitest';
import { echo } from './support/echo.js';
import { CANARY, expectFailure } from './support/secret.js';

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
