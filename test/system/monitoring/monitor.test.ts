import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, silentLogger } from '../../../src/base/index.js';
import { memoryEntryStore } from '../../../src/beat/index.js';
import { Celery, Config } from '../../../src/index.js';
import {
  createMonitor,
  createSyncTasks,
  describeQueue,
  listQueues,
  listSchedules,
  listWorkers,
  overview,
  postgresDatabase,
} from '../../../src/platform/index.js';
import { execute } from '../../support/postgres.js';
import { sqsSystem } from '../support/sqs-system.js';

const PATIENCE = { timeout: 40_000 };

describe('monitor, on SQS', { timeout: 120_000 }, async () => {
  const system = await sqsSystem();
  const database = postgresDatabase({ url: system.database, logger: silentLogger });
  const app = new Celery('echo').configFromObject(
    new Config(
      {
        broker_url: system.env.WORKERTOOLBOX_BROKER,
        broker_transport_options: JSON.parse(system.env.CELERY_BROKER_TRANSPORT_OPTIONS ?? ''),
        result_backend: `db+${system.database}`,
        QUEUES: ['msg', 'export'],
        beat_schedule: {
          nightly: { task: 'msg.echo', schedule: '30 2 * * mon-fri', args: ['x'] },
          often: { task: 'msg.echo', schedule: 600 },
        },
      },
      {},
    ),
  );
  const services = [
    createSyncTasks(app, { database }),
    createMonitor(app, { database, url: system.database }),
  ];
  beforeAll(async () => {
    const worker = await system.serve('worker', '-Q', 'msg', '-c', '2', '-n', 'one@here');
    await system.send('msg.echo', 'fine');
    await system.send('msg.fail', 'bad');
    await system.send('msg.wait_for', join(tmpdir(), newId()));
    await worker.line(/waiting for/);
    await system.send('export.none', 'nobody takes it');
    await Promise.all(services.map((service) => service.start()));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all([app.close(), database.close()]);
  });

  test('tells the workers and what they do', async () => {
    await expect
      .poll(async () => (await listWorkers(database))[0], PATIENCE)
      .toMatchObject({
        name: 'one@here',
        status: 'up',
        language: 'typescript',
        host: 'here',
        pool: 'async',
        concurrency: 2,
        queues: ['msg'],
        active: [{ name: 'msg.wait_for' }],
        prefetched: 0,
        rssBytes: expect.any(Number),
        loopLagMs: expect.any(Number),
      });
  });

  test('measures queues: depth, in flight, the age of the oldest', async () => {
    await expect
      .poll(async () => (await listQueues(database)).find(({ name }) => name === 'export'), PATIENCE)
      .toMatchObject({ depth: 1, inFlight: 0, delayed: 0, consumers: 0, problem: null, paused: false });
    await expect
      .poll(
        async () => (await listQueues(database)).find(({ name }) => name === 'export')?.oldestSeconds,
        PATIENCE,
      )
      .toBeGreaterThan(0);
    const msg = await describeQueue(database, 'msg', Date.now());
    expect(msg).toMatchObject({ depth: 0, inFlight: 1, consumers: 1, history: { stepSeconds: 3600 } });
  });

  test('counts what ended, and says what needs a person', async () => {
    const seen = (): ReturnType<typeof overview> => overview(database, '15m', Date.now());
    await expect.poll(async () => (await seen()).tiles.failures15m, PATIENCE).toBe(1);
    const { tiles, throughput, attention, failures } = await seen();
    expect(tiles).toMatchObject({ workersUp: 1, workersKnown: 1 });
    const total = (name: string): number =>
      throughput.lines
        .find((line) => line.name === name)
        ?.values.reduce<number>((sum, value) => sum + (value ?? 0) * throughput.stepSeconds, 0) ?? 0;
    expect(total('SUCCESS')).toBeCloseTo(1);
    expect(throughput.at).toHaveLength(90);
    expect(failures).toMatchObject([{ task: 'msg.fail', count: 1 }]);
    expect(failures[0]?.sample).toContain(failures[0]?.error);
    await expect
      .poll(async () => (await seen()).attention.map(({ kind }) => kind), PATIENCE)
      .toContain('no-consumer');
    expect(attention.every(({ link }) => link.startsWith('/'))).toBe(true);
  });

  test('a worker that says goodbye is gone, one that is killed falls silent', async () => {
    await execute(
      system.database,
      `INSERT INTO workertoolbox.worker (name, heard, freq, offline) VALUES
         ('silent@here', now() - interval '1 minute', 2, false), ('left@here', now(), 2, true)`,
    );
    const workers = await listWorkers(database);
    expect(workers.map(({ name, status }) => [name, status])).toEqual(
      expect.arrayContaining([
        ['silent@here', 'silent'],
        ['left@here', 'gone'],
      ]),
    );
  });

  test('lists schedules in words with their next times', async () => {
    const store = memoryEntryStore({ clock: app.clock });
    const schedules = await listSchedules(app, store, database);
    expect(schedules.map(({ name, rule }) => [name, rule])).toEqual([
      ['celery.backend_cleanup', 'At 04:00'],
      ['nightly', 'At 02:30, Monday through Friday'],
      ['often', 'every 10 minutes'],
    ]);
    expect(schedules[1]).toMatchObject({
      task: 'msg.echo',
      written: '30 2 * * mon-fri',
      enabled: true,
      last: null,
    });
    expect(schedules[1]?.next).toHaveLength(5);
    expect(new Set(schedules[1]?.next).size).toBe(5);
  });
});
