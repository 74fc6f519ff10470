import { describe, expect, it } from 'vitest';
import { CeleryApp, runInTask } from '../../../src/app/index.js';
import { localContext } from '../../../src/app/local-context.js';
import { ToolboxError } from '../../../src/base/index.js';
import type { ResultBackendFactory } from '../../../src/results/index.js';
import { type Recording, RecordingTransport, recordingApp } from './recording.js';

const away = (): ToolboxError => new ToolboxError('BROKER_UNREACHABLE', 'away');
const send = (
  { app }: Pick<Recording, 'app'>,
  options: Record<string, unknown> = {},
): Promise<{ readonly id: string }> => app.send({ task: 't', args: [], kwargs: {}, options });

describe('publishing', () => {
  it('declares everything, runs the hooks, and only then sends', async () => {
    const recording = recordingApp({
      task_queues: [{ name: 'celery', exchange: { name: 'celery', type: 'direct' }, routingKey: 'celery' }],
    });
    const { app, transport } = recording;
    app.onFirstPublish(async () => void transport.log.push('hook'));
    await Promise.all([send(recording), send(recording), send(recording)]);
    expect(transport.log).toEqual(['connect', 'declare', 'hook', 'publish', 'publish', 'publish']);
    expect(transport.declared).toEqual([['celery']]);
    await send(recording, { queue: 'made' });
    await send(recording, { queue: 'made' });
    expect(transport.declared).toEqual([['celery'], ['made']]);
  });

  it('runs a hook again that failed, and only that one', async () => {
    const recording = recordingApp();
    const runs: string[] = [];
    recording.app.onFirstPublish(async () => void runs.push('first'));
    recording.app.onFirstPublish(async () => {
      runs.push('second');
      if (runs.length < 3) throw new Error('not yet');
    });
    await expect(send(recording)).rejects.toThrow('not yet');
    await send(recording);
    await send(recording);
    expect(runs).toEqual(['first', 'second', 'second']);
    expect(recording.transport.sent).toHaveLength(2);
  });

  it('tries again while the broker is away, as the policy says', async () => {
    const recording = recordingApp();
    let left = 2;
    recording.transport.failures = () => (left-- > 0 ? away() : undefined);
    await send(recording);
    expect(recording.clock.slept).toEqual([0, 200]);
    expect(recording.transport.sent).toHaveLength(1);
  });

  it('gives up after the last attempt, at once when told so, and never tries again what was refused', async () => {
    const recording = recordingApp({
      task_publish_retry_policy: { max_retries: 2, interval_start: 1, interval_step: 3, interval_max: 2 },
    });
    recording.transport.failures = away;
    await expect(send(recording)).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(recording.clock.slept).toEqual([1000, 2000]);
    await expect(send(recording, { retry: false })).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    await expect(send(recording, { retry_policy: { max_retries: 0 } })).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
    });
    recording.transport.failures = () => new ToolboxError('BROKER_REFUSED', 'no');
    await expect(send(recording)).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
    expect(recording.transport.log.filter((entry) => entry === 'failed')).toHaveLength(6);
  });

  it('ends with the signal', async () => {
    const recording = recordingApp({ task_publish_retry_policy: { max_retries: null } });
    const controller = new AbortController();
    recording.transport.failures = () => {
      controller.abort(new Error('enough'));
      return away();
    };
    await expect(send(recording, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('tells before and after, with the message as sent', async () => {
    const recording = recordingApp();
    const told: string[] = [];
    recording.app.signals.on('before_task_publish', ({ id, task, message, exchange, routingKey }) => {
      told.push(
        `before ${task} ${id === message.headers['id']} ${exchange}/${routingKey} ${recording.transport.sent.length}`,
      );
    });
    recording.app.signals.on(
      'after_task_publish',
      () => void told.push(`after ${recording.transport.sent.length}`),
    );
    await send(recording);
    expect(told).toEqual(['before t true /celery 0', 'after 1']);
  });

  it('takes the family of the running task, and notes what it sent', async () => {
    const recording = recordingApp();
    const context = { ...localContext('parent'), id: 'p', rootId: 'r' };
    const children: unknown[] = [];
    await runInTask(
      context,
      async () => {
        await send(recording, { task_id: 'one' });
        await send(recording, { task_id: 'two', root_id: 'own', parent_id: 'mine', add_to_parent: false });
      },
      children,
    );
    await send(recording, { task_id: 'three' });
    expect(
      recording.transport.sent.map(({ message: { headers } }) => [headers['root_id'], headers['parent_id']]),
    ).toEqual([
      ['r', 'p'],
      ['own', 'mine'],
      ['three', null],
    ]);
    expect(children).toEqual([[['one', null], null]]);
  });

  it('takes the priority of the running task when asked to', async () => {
    const recording = recordingApp({ task_inherit_parent_priority: true });
    const parent = localContext('parent');
    await runInTask({ ...parent, request: { ...parent.request, priority: 6 } }, async () => {
      await send(recording);
      await send(recording, { priority: 1 });
    });
    expect(recording.transport.sent.map(({ message }) => message.properties.priority)).toEqual([6, 1]);
  });
});

describe('an app', () => {
  it('connects once, connects again after it was closed, and after a failure', async () => {
    const { app, transport } = recordingApp();
    await Promise.all([app.broker(), app.broker()]);
    await app.close();
    await send({ app });
    expect(transport.log).toEqual(['connect', 'close', 'connect', 'declare', 'publish']);
    await app.close();
    const connect = transport.connect.bind(transport);
    transport.connect = () => Promise.reject(away());
    await expect(app.broker()).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    transport.connect = connect;
    expect(await app.broker()).toBe(transport);
  });

  it('names the scheme nobody registered, without the password', async () => {
    const { app } = recordingApp({ broker_url: 'recoding://u:hunter2@h', result_backend: 'nowhere' });
    await expect(app.broker()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'broker_url recoding://u:********@h: nothing is registered for recoding://; did you mean recording://?',
    });
    await expect(app.backend()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      fields: { setting: 'result_backend', scheme: 'nowhere' },
    });
    expect(await recordingApp().app.backend()).toBeUndefined();
  });

  it('finds adapters by whole scheme first, by broker_transport, and gives them their options', async () => {
    const made: unknown[] = [];
    const transport = new RecordingTransport();
    const postgres: ResultBackendFactory = ({ url, options }) =>
      Promise.reject(
        new Error(`${url} ${String(options['result_expires'])} ${String(options['database_table_names'])}`),
      );
    const plain: ResultBackendFactory = () => Promise.reject(new Error('the plain one'));
    const app = new CeleryApp('a', {
      transports: new Map([
        [
          'sqs',
          async () =>
            async ({ url, options }) => {
              made.push(url, options);
              return transport;
            },
        ],
      ]),
      backends: new Map([
        ['db', async () => plain],
        ['db+postgresql', async () => postgres],
      ]),
    });
    app.configFromObject({
      broker_transport: 'sqs',
      broker_transport_options: { region: 'r' },
      result_backend: 'db+postgresql://h/d',
      result_expires: 5,
    });
    await app.broker();
    expect(made).toEqual(['sqs://', { region: 'r' }]);
    await expect(app.backend()).rejects.toThrow('db+postgresql://h/d 5 null');
  });

  it('takes settings from several sources until they are used', () => {
    const { app } = recordingApp();
    app
      .configFromObject({ task_default_queue: 'a' })
      .configFromObject({ toObject: () => ({ task_default_queue: 'b', QUEUES: ['x'] }) });
    expect(() => app.configFromObject({ task_default_que: 'c' })).toThrow(
      /did you mean task_default_queue\?/,
    );
    expect([app.conf.task_default_queue, app.conf.QUEUES, app.queues.map(({ name }) => name)]).toEqual([
      'b',
      ['x'],
      ['b'],
    ]);
    expect(() => app.configFromObject({})).toThrow(
      expect.objectContaining({ code: 'STATE_INVALID' }) as Error,
    );
  });
});
