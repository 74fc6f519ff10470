import { describe, expect, it } from 'vitest';
import { buildFunctionalTests } from '../../../src/testing/index.js';
import { Celery, CHECKS, Config, type ConfigInput, setupApp } from '../../../src/toolbox/index.js';

const appWith = (input: ConfigInput = {}): Celery =>
  new Celery('export').configFromObject(
    new Config({ broker_url: 'memory://', result_backend: null, ...input }, {}),
  );

// The builder finds this very runner.
buildFunctionalTests(appWith());

const failures = (app: Celery): string[] =>
  CHECKS.flatMap(({ run }) => {
    try {
      run(app);
      return [];
    } catch (error) {
      expect(error).toMatchObject({ code: 'CHECK_FAILED' });
      return [(error as Error).message];
    }
  });

describe('the checks', () => {
  const exchange = { name: 'task_exchange', type: 'topic' as const };
  it.each<[string, ConfigInput, RegExp]>([
    [
      'another default queue',
      { task_default_queue: 'other' },
      /task_default_queue is "other", expected "celery"/,
    ],
    ['another platform queue', { PLATFORM_QUEUE_NAME: 'p.fifo' }, /PLATFORM_QUEUE_NAME is "p.fifo"/],
    [
      'another exchange type',
      { task_default_exchange_type: 'direct' },
      /is a direct exchange, expected a topic/,
    ],
    ['no queues', { task_queues: [] }, /is bound to no queue/],
    [
      'a lost service queue',
      { task_queues: [{ name: 'celery', exchange, routingKey: 'celery' }] },
      /task msg.anything would reach no queue/,
    ],
    [
      'no platform queue',
      { task_queues: ['celery', 'msg', 'export'].map((name) => ({ name, exchange, routingKey: name })) },
      /expected msg and platform.fifo/,
    ],
    [
      'a direct route',
      { task_routes: { 'celery.*': { queue: 'direct' } } },
      /routed straight to queue direct/,
    ],
  ])('find %s and say what to change', (_what, input, message) => {
    expect(failures(appWith(input)).join('\n')).toMatch(message);
  });

  it('find a task that no service queue takes', () => {
    const app = appWith();
    app.task('unknown.thing', () => 1);
    expect(failures(app)).toEqual([
      expect.stringMatching(/unknown.thing would reach queues platform.fifo.*Name "unknown" in QUEUES/),
    ]);
  });

  it('find chords without end on an app without Config', () => {
    expect(failures(new Celery('plain')).join('\n')).toMatch(/CHORD_UNLOCK_MAX_RETRIES is undefined/);
  });
});

describe('setupApp', () => {
  it('caps celery.chord_unlock, declares the queues and says so on the app', async () => {
    const app = appWith({ CHORD_UNLOCK_MAX_RETRIES: 7 });
    expect(app.isSetUp).toBe(false);
    await setupApp(app);
    expect(app.isSetUp).toBe(true);
    expect(app.tasks.get('celery.chord_unlock')?.options.maxRetries).toBe(7);
    await expect((await app.broker()).size('platform.fifo')).resolves.toBe(0);
    await app.close();
  });

  it('runs before the first publish, and its failure is the publish’s', async () => {
    const app = appWith();
    const add = app.task('export.add', (x: number) => x);
    await add.delay(1);
    expect(app.isSetUp).toBe(true);
    expect(await (await app.broker()).size('platform.fifo')).toBe(1);
    await app.close();
    const away = appWith({
      broker_url: 'amqp://guest:hunter2@127.0.0.1:1//',
      broker_connection_timeout: 0.2,
      task_publish_retry: false,
    });
    const task = away.task('export.add', (x: number) => x);
    await expect(task.delay(1)).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.not.stringContaining('hunter2'),
    });
    expect(away.isSetUp).toBe(false);
    await away.close();
  });

  it('logs instead of rejecting when told so', async () => {
    const app = appWith({ broker_url: 'nonsense://' });
    await setupApp(app, { throw: false });
    expect(app.isSetUp).toBe(false);
    await expect(setupApp(app)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
