import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Config } from '../../../src/toolbox/config/index.js';

const names = (config: Config): string[] => [...config.task_queues].map((queue) => queue.name);

describe('Config', () => {
  it('gives the documented defaults', () => {
    const config = new Config({}, {});
    expect(config.toObject()).toMatchObject({
      QUEUES: ['msg', 'export'],
      PLATFORM_QUEUE_NAME: 'platform.fifo',
      QUEUE_NAME_PREFIX: 'dev',
      CHORD_UNLOCK_MAX_RETRIES: 43_200,
      result_backend: 'db+postgresql://cadasta:cadasta@localhost:5432/cadasta',
      broker_transport: 'sqs',
      task_default_exchange: 'task_exchange',
      task_default_exchange_type: 'topic',
      task_track_started: true,
    });
    expect(config.broker_transport_options).toMatchObject({ region: 'us-west-2', queue_name_prefix: 'dev-' });
  });

  it('binds celery, the service queues and the platform queue to one topic exchange', () => {
    const queues = [...new Config({ QUEUES: ['a', 'b'] }, {}).task_queues];
    expect(queues.map(({ name, routingKey, tap = false }) => [name, routingKey, tap])).toEqual([
      ['celery', 'celery', false],
      ['a', 'a', false],
      ['b', 'b', false],
      ['platform.fifo', '#', true],
    ]);
    expect(new Set(queues.map((queue) => `${queue.exchange.name}/${queue.exchange.type}`))).toEqual(
      new Set(['task_exchange/topic']),
    );
  });

  it('routes by the name up to the first dot', () => {
    const route = new Config({}, {}).task_routes as (name: string) => unknown;
    expect(route('export.project.part')).toEqual({
      exchange: { name: 'task_exchange', type: 'topic' },
      routing_key: 'export',
    });
    expect(route('plain')).toMatchObject({ routing_key: 'plain' });
  });

  it('prefers keywords to prefixed variables to plain variables to defaults', () => {
    const env = {
      QUEUE_PREFIX: 'plain',
      CELERY_RESULT_DB_HOST: 'prefixed',
      RESULT_DB_HOST: 'plain',
      RESULT_DB_USER: 'u',
    };
    const config = new Config({ RESULT_DB_USER: 'keyword' }, env);
    expect(config).toMatchObject({
      QUEUE_NAME_PREFIX: 'plain',
      RESULT_DB_HOST: 'prefixed',
      RESULT_DB_USER: 'keyword',
    });
    expect(config.broker_transport_options).toMatchObject({ queue_name_prefix: 'plain-' });
  });

  it('reads variables as Python literals or JSON where the default is not a string', () => {
    const config = new Config(
      {},
      { CELERY_QUEUES: "('a', 'b',)", CELERY_TASK_TRACK_STARTED: 'False', CELERY_RESULT_DB_PASS: '123' },
    );
    expect(config).toMatchObject({ QUEUES: ['a', 'b'], task_track_started: false, RESULT_DB_PASS: '123' });
    expect(names(config)).toEqual(['celery', 'a', 'b', 'platform.fifo']);
  });

  it('turns further prefixed variables into lowercase settings, except those Celery sets itself', () => {
    const env = {
      CELERY_WORKER_CONCURRENCY: '4',
      CELERY_BROKER_URL: 'amqp://u:p@h//',
      CELERY_LOG_LEVEL: 'INFO',
      CELERY_LOG_FILE: 'x',
      CELERY_ENV_PREFIX: 'CELERY_',
    };
    const settings = new Config({}, env).toObject();
    expect(settings).toMatchObject({ worker_concurrency: 4, broker_url: 'amqp://u:p@h//' });
    expect(Object.keys(settings).filter((key) => /log_|env_prefix/i.test(key))).toEqual([]);
  });

  it('takes another prefix', () => {
    expect(
      new Config({ ENV_PREFIX: 'WT_' }, { WT_RESULT_DB_NAME: 'x', CELERY_RESULT_DB_NAME: 'y' })
        .RESULT_DB_NAME,
    ).toBe('x');
    expect(new Config({}, { CELERY_ENV_PREFIX: 'WT_', WT_RESULT_DB_NAME: 'x' }).RESULT_DB_NAME).toBe('x');
  });

  it.each([
    ['CELERY_QUEUES', "['a'"],
    ['CELERY_TASK_TRACK_STARTED', 'yes please'],
    ['CELERY_BROKER_TRANSPORT_OPTIONS', "{'region': }"],
    ['CELERY_WORKER_THING', '{broken'],
  ])('names the unreadable variable %s', (variable, text) => {
    expect(() => new Config({}, { [variable]: text })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(variable) }),
    );
  });

  it('encodes names and passwords in the rendered URL', () => {
    const { result_backend } = new Config({ RESULT_DB_PASS: 'p@ss/w:rd#{}', RESULT_DB_NAME: 'na me' }, {});
    expect(result_backend).toBe('db+postgresql://cadasta:p%40ss%2Fw%3Ard%23%7B%7D@localhost:5432/na%20me');
    expect(decodeURIComponent(new URL(result_backend).password)).toBe('p@ss/w:rd#{}');
  });

  it('renders a template of ones own, with any variable', () => {
    const config = new Config({ result_backend: 'db+postgresql://{0.ROLE}@h/{{x}}', ROLE: 'r' }, {});
    expect(config.result_backend).toBe('db+postgresql://r@h/{x}');
  });

  it.each(['db://{0.MISSING}/x', 'db://{name}/x', 'db://{0.RESULT_DB_USER', 'db://{}'])(
    'says what cannot be rendered in %s',
    (template) => {
      expect(() => new Config({ result_backend: template }, {})).toThrow(
        /result_backend: cannot be rendered/,
      );
    },
  );

  it('prints lowercase settings only, secrets masked', () => {
    const config = new Config(
      { RESULT_DB_PASS: 'hunter2', broker_url: 'amqp://user:hunter2@host//', SENTRY_DSN: 'hunter2' },
      {},
    );
    for (const text of [inspect(config), `${config}`, JSON.stringify(config), inspect({ config })]) {
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain('RESULT_DB_USER');
    }
    expect(config.toJSON()).toHaveProperty('task_default_exchange', 'task_exchange');
    expect(config.toObject()).toHaveProperty('RESULT_DB_PASS', 'hunter2');
  });

  it('lets any setting be replaced', () => {
    const config = new Config({ task_queues: [], task_routes: {}, broker_transport: 'redis' }, {});
    expect(config).toMatchObject({ task_queues: [], task_routes: {}, broker_transport: 'redis' });
  });

  it('refuses queue names that are not a list', () => {
    expect(() => new Config({}, { CELERY_QUEUES: '"export"' })).toThrow(/QUEUES: expected a list/);
    expect(() => new Config({}, { CELERY_CHORD_UNLOCK_MAX_RETRIES: 'None' })).toThrow(
      /CHORD_UNLOCK_MAX_RETRIES/,
    );
  });
});
