import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chord, group, signature } from '../../../src/canvas/index.js';
import { Celery } from '../../../src/toolbox/setup/index.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { hasRabbitmq, NO_RABBITMQ } from '../../support/rabbitmq.js';
import { NO_REDIS, startRedis } from '../../support/redis.js';
import type { Place } from '../celery/support/place.js';
import { rabbitmqPlace } from '../celery/support/place.js';
import { type PythonApp, type PythonRun, startPythonApp } from './python-app.js';

const redisPlace = async (): Promise<Place> => {
  const server = await startRedis();
  return { url: server.url, options: {}, remove: () => server.kill() };
};

const brokers = [
  { name: 'RabbitMQ', place: rabbitmqPlace, missing: hasRabbitmq() ? [] : [NO_RABBITMQ] },
  {
    name: 'Redis',
    place: redisPlace,
    missing: process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined ? [NO_REDIS] : [],
  },
];

for (const { name, place, missing } of brokers) {
  const lacks = [...missing, ...(celeryPython() === undefined ? [NO_PYTHON] : [])];
  if (lacks.length > 0 && process.env.CI) throw new Error(lacks.join('; '));
  const why = lacks.length > 0 ? ` (${lacks.join('; ')})` : '';
  describe.skipIf(lacks.length > 0)(`replies over ${name} with Python${why}`, () => exercise(place));
}

const patience = { timeout: 20 };

function exercise(place: () => Promise<Place>): void {
  let at: Place;
  let python: PythonApp;
  let app: Celery;
  let serving: Celery;
  let worker: Worker;
  const [ours, theirs] = [`ours-${randomUUID()}`, `theirs-${randomUUID()}`];

  beforeAll(async () => {
    at = await place();
    const settings = { broker_url: at.url, broker_transport_options: at.options, result_backend: 'rpc://' };
    python = startPythonApp({ ...settings, ours, theirs });
    const make = (): Celery => new Celery('ours', { settings: { ...settings, task_default_queue: ours } });
    [app, serving] = [make(), make()];
    serving.task('ts.add', (x: number, y: number) => x + y);
    serving.task('ts.fail', () => {
      throw new RangeError('bad');
    });
    worker = createWorker(serving, { concurrency: 4, hostname: 'ours@%h' });
    await worker.start();
  }, 60_000);

  afterAll(async () => {
    await worker.stop();
    await Promise.all([app.close(), serving.close()]);
    await python.stop();
    await at.remove();
  });

  const s = (name: string, ...args: unknown[]) =>
    signature(app, name, { args }).set({ queue: name.startsWith('py.') ? theirs : ours });

  it.each(['ts.add', 'py.add'])('%s replies to us', async (name) => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => s(name, n, 1).applyAsync()));
    const values = await Promise.all(results.map((result) => result.get(patience)));
    expect(values).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('our worker replies to Python', async () => {
    expect(await python.ask<PythonRun>('run', ['py.add', 1, 2])).toMatchObject({ value: 3 });
    expect(await python.ask<PythonRun>('run', ['ts.add', 1, 2])).toMatchObject({ value: 3 });
    expect(await python.ask<PythonRun>('run', ['ts.fail'])).toMatchObject({
      raised: 'ValueError',
      args: ['bad'],
    });
  });

  it('failures, states and groups come as replies', async () => {
    await expect((await s('py.fail').applyAsync()).get(patience)).rejects.toMatchObject({
      code: 'TASK_FAILED',
      fields: { type: 'ValueError', args: ['bad', 1] },
    });
    const states: string[] = [];
    for await (const { status } of (await s('py.progress').applyAsync()).updates(patience))
      states.push(status);
    expect(states.at(-1)).toBe('SUCCESS');
    const both = await group([s('ts.add', 1, 1), s('py.add', 2, 2)]).applyAsync();
    expect(await both.get(patience)).toEqual([2, 4]);
  });

  it('refuses chords, which nobody could end', async () => {
    await expect(chord([s('ts.add', 1, 1)], s('py.total')).applyAsync()).rejects.toMatchObject({
      code: 'CANVAS_INVALID',
    });
  });
}
