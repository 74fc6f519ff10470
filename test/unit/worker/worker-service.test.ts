import { afterEach, describe, expect, test } from 'vitest';
import { defineTask, type SettingsInput } from '../../../src/app/index.js';
import { ToolboxError } from '../../../src/base/index.js';
import { createWorker, type Worker, type WorkerOptions } from '../../../src/worker/index.js';
import { settled } from './support/manual-clock.js';
import { type Place, place, unreachable } from './support/place.js';

let here: Place;
let worker: Worker;
const make = (settings: SettingsInput = {}, options: WorkerOptions = {}): void => {
  here = place({ settings });
  worker = createWorker(here.app, { concurrency: 2, ...options });
};
afterEach(async () => {
  await worker.stop({ deadlineMs: 0 });
  await here.app.close();
});

const works = async (): Promise<unknown> => {
  const result = await here.app.send<number>({ task: 'add', args: [1, 2], kwargs: {}, options: {} });
  return result.get({ timeout: 5 });
};
const addTask = (): void => void defineTask(here.app, 'add', (x: number, y: number) => x + y);

describe('the service contract', () => {
  test('stop before start does nothing, and start works afterwards', async () => {
    make();
    addTask();
    await worker.stop();
    expect(worker.state).toBe('idle');
    await worker.start();
    expect(worker.state).toBe('running');
    expect(await works()).toBe(3);
  });

  test('a second start while running is refused, and disturbs nothing', async () => {
    make();
    addTask();
    const first = worker.start();
    await expect(worker.start()).rejects.toMatchObject({
      code: 'STATE_INVALID',
      fields: { state: 'starting' },
    });
    await first;
    await expect(worker.start()).rejects.toMatchObject({ fields: { state: 'running' } });
    expect(await works()).toBe(3);
  });

  test('stopping twice, and stopping what has stopped, is fine', async () => {
    make();
    await worker.start();
    const { stopped } = worker;
    await Promise.all([worker.stop(), worker.stop()]);
    await stopped;
    await worker.stop();
    expect(worker.state).toBe('stopped');
  });

  test('it can be started again after it has stopped', async () => {
    make();
    addTask();
    for (let turn = 0; turn < 3; turn += 1) {
      await worker.start();
      expect(await works()).toBe(3);
      await worker.stop();
    }
    expect(worker.info().counts.outcomes.success).toBe(1);
  });

  test('a failed start leaves nothing behind, and a later one works', async () => {
    make({ broker_connection_retry_on_startup: false });
    addTask();
    here.brokerFailure = unreachable('BROKER_UNREACHABLE');
    const start = worker.start();
    const { stopped } = worker;
    await expect(start).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    await expect(stopped).rejects.toMatchObject({ code: 'BROKER_UNREACHABLE' });
    expect(worker.state).toBe('failed');
    expect(worker.info().steps).toEqual({});
    await worker.stop();
    here.brokerFailure = undefined;
    await worker.start();
    expect(await works()).toBe(3);
  });

  test('waits for a broker that is not there yet', async () => {
    make();
    addTask();
    here.brokerFailure = unreachable('BROKER_UNREACHABLE');
    const start = worker.start();
    await settled();
    expect(worker.state).toBe('starting');
    here.brokerFailure = undefined;
    await start;
    expect(await works()).toBe(3);
  });

  test('a broker that refuses is not asked again', async () => {
    make();
    here.brokerFailure = new ToolboxError('BROKER_REFUSED', 'wrong password');
    await expect(worker.start()).rejects.toMatchObject({ code: 'BROKER_REFUSED' });
  });

  test('a start that waits is ended by its signal or by stop', async () => {
    make();
    here.brokerFailure = unreachable('BROKER_UNREACHABLE');
    const abort = new AbortController();
    const first = worker.start(abort.signal);
    abort.abort(new Error('changed my mind'));
    await expect(first).rejects.toThrow('changed my mind');
    const second = worker.start();
    await Promise.all([expect(second).rejects.toThrow(/stopped while it started/), worker.stop()]);
    expect(worker.state).toBe('failed');
    here.brokerFailure = undefined;
    await worker.start();
  });

  test('starts and stops in any order end in a defined state', async () => {
    make();
    addTask();
    for (let turn = 0; turn < 30; turn += 1) {
      const start = Promise.allSettled([worker.start()]);
      const stops = [worker.stop({ deadlineMs: 0 }), worker.stop({ deadlineMs: turn })];
      if (turn % 3 === 0) await settled();
      await Promise.all([start, ...stops]);
      expect(['stopped', 'failed']).toContain(worker.state);
    }
    await worker.start();
    expect(await works()).toBe(3);
  });
});

describe('signals and steps', () => {
  test('come in order; a failing listener of worker_init is only logged', async () => {
    make();
    addTask();
    const order: string[] = [];
    for (const name of ['worker_init', 'worker_ready', 'worker_shutting_down', 'worker_shutdown'] as const) {
      here.app.signals.on(name, (payload) => {
        order.push(name);
        expect(payload.hostname).toBe(worker.hostname);
        if (name === 'worker_init') throw new Error('listener');
      });
    }
    here.app.signals.on('worker_init', () => expect(worker.info().steps).toEqual({}));
    await worker.start();
    expect(Object.keys(worker.info().steps)).toEqual([
      'pool',
      'broker',
      'backend',
      'chords',
      'bus',
      'events',
      'remote',
      'loop',
      'consumer',
    ]);
    await worker.stop();
    expect(order).toEqual(['worker_init', 'worker_ready', 'worker_shutting_down', 'worker_shutdown']);
  });

  test('extensions are up before the first message and down after the last', async () => {
    const order: string[] = [];
    make(
      {},
      {
        extensions: [
          {
            name: 'heart',
            start: async () => {
              order.push('up');
              return {
                provides: undefined,
                stop: async () => void order.push('down'),
                info: () => ({ beats: 1 }),
              };
            },
          },
        ],
      },
    );
    defineTask(here.app, 'add', () => void order.push('run'));
    await here.app.send({ task: 'add', args: [], kwargs: {}, options: {} });
    // Before it starts: a message that waits may be done by the time it has.
    const until = new Promise<void>((resolve) => here.app.signals.on('task_success', () => resolve()));
    await worker.start();
    expect(worker.info().steps.heart).toEqual({ beats: 1 });
    await until;
    await worker.stop();
    expect(order).toEqual(['up', 'run', 'down']);
  });

  test('options that make no sense are refused by name', () => {
    make();
    const refused = (options: object, option: string): void =>
      expect(() => createWorker(here.app, options)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(option) }),
      );
    refused({ concurrency: 0 }, 'concurrency');
    refused({ prefetchMultiplier: -1 }, 'prefetchMultiplier');
    refused({ shutdownTimeoutMs: 1.5 }, 'shutdownTimeoutMs');
    refused({ queues: [] }, 'queues');
    const strict = place({ settings: { task_create_missing_queues: false } });
    expect(() => createWorker(strict.app, { queues: ['nowhere'] })).toThrow(/nowhere/);
  });

  test('taps are consumed only when they are named', () => {
    const { app } = place({
      settings: {
        task_queues: [
          { name: 'work', exchange: { name: 'x', type: 'topic' }, routingKey: 'work' },
          { name: 'platform', exchange: { name: 'x', type: 'topic' }, routingKey: '#', tap: true },
        ],
      },
    });
    expect(createWorker(app).info().queues).toEqual(['work']);
    expect(createWorker(app, { queues: ['platform', 'work', 'work'] }).info().queues).toEqual([
      'platform',
      'work',
    ]);
  });
});
