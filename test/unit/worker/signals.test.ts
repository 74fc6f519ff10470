import { expect, test } from 'vitest';
import type { Signals } from '../../../src/app/index.js';
import { Celery, createWorker } from '../../../src/index.js';

const NAMES = [
  'import_modules',
  'celeryd_init',
  'worker_init',
  'celeryd_after_setup',
  'worker_process_init',
  'worker_ready',
  'heartbeat_sent',
  'worker_shutting_down',
  'worker_process_shutdown',
  'worker_shutdown',
] as const satisfies readonly (keyof Signals)[];

const newApp = (): Celery => new Celery('signals').configFromObject({ broker_url: 'memory://' });

test('a worker tells of its life in the order of Celery', async () => {
  const app = newApp();
  const seen: string[] = [];
  for (const name of NAMES) app.signals.on(name, () => void (seen.includes(name) || seen.push(name)));
  const worker = createWorker(app, { pool: 'solo', heartbeat: 0.01 });
  await worker.start();
  await worker.stop();
  await app.close();
  expect(seen.filter((name) => name !== 'heartbeat_sent')).toEqual(
    NAMES.filter((name) => name !== 'heartbeat_sent'),
  );
  expect(seen).toContain('heartbeat_sent');
});

test('what the last listeners before it connects add, the worker consumes from', async () => {
  const app = newApp();
  const told: unknown[] = [];
  app.signals.on('import_modules', () => {
    app.task('late', () => 'in time');
  });
  app.signals.on('celeryd_init', ({ conf }) => void told.push(conf.broker_url));
  app.signals.on('celeryd_after_setup', ({ queues, consumeFrom }) => {
    told.push(queues);
    consumeFrom('more');
    consumeFrom('celery');
  });
  const worker = createWorker(app);
  await worker.start();
  expect(told).toEqual(['memory://', ['celery']]);
  expect(worker.queues.map(({ name }) => name)).toEqual(['celery', 'more']);
  const done = new Promise((resolve) => app.signals.on('task_success', ({ result }) => resolve(result)));
  await app.send({ task: 'late', args: [], kwargs: {}, options: { queue: 'more' } });
  expect(await done).toBe('in time');
  await worker.stop();
  await app.close();
});

test('modules that cannot be loaded end the start', async () => {
  const app = newApp();
  app.signals.on('import_modules', () => {
    throw new SyntaxError('in tasks.js');
  });
  await expect(createWorker(app).start()).rejects.toThrow('in tasks.js');
  await app.close();
});
