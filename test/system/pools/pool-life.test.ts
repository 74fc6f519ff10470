import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWorker, PoolSystem } from './pool-system.js';

describe.each(['threads', 'prefork'] as const)('%s', (pool) => {
  test('a child is replaced after so many tasks, and no task is lost', async () => {
    const system = await PoolSystem.start({ pool, concurrency: 1, maxTasksPerChild: 2 });
    const metas = await Promise.all(Array.from({ length: 7 }, () => system.run('seen')));
    const runs = metas.map(({ result }) => (result as string[]).length - 1);
    expect(runs.sort()).toEqual([1, 1, 1, 1, 2, 2, 2]);
    expect(system.worker.info().steps['pool']).toMatchObject({
      'max-tasks-per-child': 2,
      'max-concurrency': 1,
    });
    expect(system.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a child that uses too much memory is replaced after its task', async () => {
    const system = await PoolSystem.start({ pool, concurrency: 1, maxMemoryPerChild: 300_000 });
    expect((await system.run('hold', [400])).status).toBe('SUCCESS');
    expect(await system.result('seen')).toHaveLength(2);
    expect(system.logs.find(({ message }) => message.includes('too much memory'))).toBeDefined();
  });

  test('slots are added and taken away while tasks run', async () => {
    const system = await PoolSystem.start({ pool, concurrency: 1 });
    const { worker } = system;
    const busy = () => worker.info().active.length;
    const ids = await Promise.all([1, 2, 3].map(() => system.send('wait', [1_500])));
    await expect.poll(busy).toBe(1);
    expect(worker.growPool(2)).toBe(3);
    await expect.poll(busy, { timeout: 10_000 }).toBe(3);
    expect(worker.info().steps['consumer']?.['prefetch_count']).toBe(12);
    expect(worker.shrinkPool(2)).toBe(1);
    for (const id of ids) expect((await system.ended(id)).status).toBe('SUCCESS');
    await expect
      .poll(() => worker.info().steps['pool']?.['writes'])
      .toMatchObject({ raw: expect.stringMatching(/^\d+$/) });
    expect(() => worker.shrinkPool()).toThrow('one of 1 slots must stay');
    expect(() => worker.autoscale(4, 1)).toThrow('Autoscale not enabled');
    await expect(worker.restartPool()).rejects.toThrow('Pool restarts not enabled');
  });

  test('the pool is renewed by command', async () => {
    const system = await PoolSystem.start({ pool, concurrency: 1, settings: { worker_pool_restarts: true } });
    await system.run('noop');
    await system.worker.restartPool();
    expect(await system.result('seen')).toHaveLength(2);
  });

  test('slots follow the work between two bounds', async () => {
    const system = await PoolSystem.start({ pool, autoscale: { max: 3, min: 1 } });
    expect(system.worker.concurrency).toBe(1);
    const ids = await Promise.all([1, 2, 3, 4].map(() => system.send('wait', [2_000])));
    await expect.poll(() => system.worker.concurrency, { timeout: 10_000 }).toBe(3);
    expect(system.worker.autoscale(2, 1)).toEqual({ max: 2, min: 1 });
    expect(system.worker.concurrency).toBe(2);
    expect(() => system.worker.growPool()).toThrow('pool_grow is not supported with autoscale');
    for (const id of ids) expect((await system.ended(id)).status).toBe('SUCCESS');
  });

  test('an app that cannot be loaded ends the start with the reason', async () => {
    const start = PoolSystem.start({ pool, appModule: new URL('no-such-app.mjs', import.meta.url) });
    await expect(start).rejects.toMatchObject({ code: 'APP_NOT_FOUND' });
  });

  test('a pool without the module of the app is refused', async () => {
    const { app } = await PoolSystem.start({ pool: 'async' });
    expect(() => createWorker(app, { pool })).toThrow(/appModule: new URL/);
  });
});

test.skipIf(!existsSync('/proc/self/stat'))(
  'children end when the worker is killed, also while they spin',
  async () => {
    const parent = spawn(
      process.execPath,
      [fileURLToPath(new URL('../apps/pools-parent.mjs', import.meta.url))],
      {
        env: { ...process.env, POOLS_SETTINGS: '{"broker_url":"memory://"}' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const children = line.split(' ').slice(1);
    expect(children).toHaveLength(2);
    parent.kill('SIGKILL');
    await expect
      .poll(() => children.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 5_000 })
      .toEqual([]);
  },
);
