import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chain, chord, group, signature } from '../../../src/canvas/index.js';
import { GroupResult } from '../../../src/results/index.js';
import { Celery } from '../../../src/toolbox/setup/index.js';
import { createWorker, type Worker } from '../../../src/worker/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { NO_REDIS, type OwnRedis, startRedis } from '../../support/redis.js';
import { type PythonApp, type PythonRun, startPythonApp } from './python-app.js';

const missing = [
  ...(celeryPython() === undefined ? [NO_PYTHON] : []),
  ...(process.env.WORKERTOOLBOX_TEST_REDIS_URL === undefined ? [NO_REDIS] : []),
];
if (missing.length > 0 && process.env.CI) throw new Error(missing.join('; '));

const patience = { timeout: 20 };

describe.skipIf(missing.length > 0)(
  `results in Redis with Python ${missing.length > 0 ? `(${missing.join('; ')})` : ''}`,
  () => {
    for (const ordered of [true, false]) {
      describe(ordered ? 'parts in order' : 'parts as they come', () => exercise(ordered));
    }
  },
);

function exercise(ordered: boolean): void {
  let redis: OwnRedis;
  let python: PythonApp;
  let app: Celery;
  let worker: Worker;
  const [ours, theirs] = [`ours-${randomUUID()}`, `theirs-${randomUUID()}`];

  beforeAll(async () => {
    redis = await startRedis();
    const settings = {
      broker_url: redis.url,
      result_backend: redis.url,
      result_extended: true,
      result_backend_transport_options: { global_keyprefix: 'mine', result_chord_ordered: ordered },
    };
    python = startPythonApp({ ...settings, ours, theirs });
    app = new Celery('ours', { settings: { ...settings, task_default_queue: ours } });
    app.task('ts.add', (x: number, y: number) => x + y);
    app.task('ts.total', (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0));
    app.task('ts.listed', (values: unknown[]) => values);
    app.task('ts.fail', () => {
      throw new RangeError('bad');
    });
    app.task('ts.progress', { bind: true }, async (task) => {
      await task.updateState('PROGRESS', { percent: 40 });
      return 'done';
    });
    worker = createWorker(app, { concurrency: 4, hostname: 'ours@%h' });
    await worker.start();
  }, 60_000);

  afterAll(async () => {
    await worker.stop();
    await app.close();
    await python.stop();
    await redis.kill();
  });

  const s = (name: string, ...args: unknown[]) =>
    signature(app, name, { args }).set({ queue: name.startsWith('py.') ? theirs : ours });
  const run = (tree: unknown): Promise<PythonRun> => python.ask<PythonRun>('run', tree);

  it('each reads what the other stored, and is told of it', async () => {
    expect(await run(['ts.add', 1, 2])).toMatchObject({ value: 3 });
    expect(
      await s('py.add', 3, 4)
        .applyAsync()
        .then((result) => result.get(patience)),
    ).toBe(7);
  });

  it('the records are alike, key for key', async () => {
    const [{ id: mine }, { id: other }] = [await run(['ts.add', 1, 2]), await run(['py.add', 1, 2])];
    const metas = await Promise.all(
      [mine, other].map((id) => python.ask<Record<string, unknown>>('meta', id)),
    );
    expect(Object.keys(metas[0] ?? {})).toEqual(Object.keys(metas[1] ?? {}));
    const alike = ({
      task_id: _id,
      date_done: _done,
      worker: _worker,
      name: _name,
      queue: _queue,
      ...rest
    }: Record<string, unknown>) => rest;
    expect(alike(metas[0] ?? {})).toEqual(alike(metas[1] ?? {}));
    expect(metas[0]).toMatchObject({ status: 'SUCCESS', name: 'ts.add', queue: ours, args: [1, 2] });
  });

  it('what result_extended has stored is read, whoever stored it', async () => {
    const [{ id: mine }, { id: other }] = [await run(['ts.add', 1, 2]), await run(['py.add', 1, 2])];
    for (const [id, name, queue, worker] of [
      [mine, 'ts.add', ours, 'ours@'],
      [other, 'py.add', theirs, 'theirs@'],
    ] as const) {
      const { extended } = await app.asyncResult(id).result();
      expect(extended).toMatchObject({ name, queue, args: [1, 2], kwargs: {}, retries: 0 });
      expect(extended?.worker).toContain(worker);
    }
  });

  it('a result revokes its task, in our worker and in a Python one', async () => {
    for (const name of ['ts.add', 'py.add']) {
      const result = await s(name, 1, 1).set({ countdown: 2 }).applyAsync();
      await result.revoke();
      await expect(result.get(patience)).rejects.toMatchObject({ code: 'TASK_REVOKED' });
    }
  });

  it('failures cross with type and arguments', async () => {
    expect(await run(['ts.fail'])).toMatchObject({ raised: 'ValueError', args: ['bad'] });
    const failing = await s('py.fail').applyAsync();
    await expect(failing.get(patience)).rejects.toMatchObject({
      code: 'TASK_FAILED',
      fields: { type: 'ValueError', args: ['bad', 1], module: 'builtins' },
    });
  });

  it('groups saved by one are restored by the other', async () => {
    const members = [randomUUID(), randomUUID()];
    const [mine, other] = [randomUUID(), randomUUID()];
    await python.ask('save_group', other, members);
    const backend = async () => app.backend();
    expect((await GroupResult.restore(other, { backend }))?.results.map(({ id }) => id)).toEqual(members);
    const group = new GroupResult(
      mine,
      members.map((id) => app.asyncResult(id)),
      { backend },
    );
    await group.save();
    expect(await python.ask('restore_group', mine)).toEqual(members);
  });

  const header = (kind: string): [string, number, number][] =>
    Array.from({ length: 12 }, (_, n) => [
      kind === 'mixed' ? (n % 2 === 0 ? 'ts.add' : 'py.add') : `${kind}.add`,
      n,
      1,
    ]);
  const expected = Array.from({ length: 12 }, (_, n) => n + 1);
  const sorted = (values: unknown): unknown =>
    ordered ? values : [...(values as number[])].sort((a, b) => a - b);

  for (const kind of ['ts', 'py', 'mixed']) {
    for (const body of ['ts.listed', 'py.listed']) {
      it(`a chord sent by Python, header ${kind}, body ${body}`, async () => {
        const { value } = await run({ chord: header(kind), body: [body] });
        expect(sorted(value)).toEqual(expected);
      });

      it(`a chord sent by us, header ${kind}, body ${body}`, async () => {
        const parts = header(kind).map(([name, x, y]) => s(name, x, y));
        const result = await chord(parts, s(body)).applyAsync();
        expect(sorted(await result.get(patience))).toEqual(expected);
      });
    }
  }

  it('a chain in a header counts once, by its last step', async () => {
    const theirsSent = {
      chord: [
        {
          chain: [
            ['ts.add', 1, 1],
            ['py.add', 5],
          ],
        },
        ['ts.add', 0, 1],
      ],
      body: ['ts.total'],
    };
    expect(await run(theirsSent)).toMatchObject({ value: 8 });
    const parts = [chain(s('py.add', 1, 1), s('ts.add', 5)), s('py.add', 0, 1)];
    expect(await (await chord(parts, s('py.total')).applyAsync()).get(patience)).toBe(8);
  });

  it('a failed part fails the body, with its name and its exception', async () => {
    // Python's get raises what the header's part raised, which is the parent of the body's result.
    const { id } = await run({ chord: [['ts.add', 1, 1], ['ts.fail']], body: ['py.total'] });
    await expect(app.asyncResult(id).get(patience)).rejects.toMatchObject({
      fields: {
        type: 'ChordError',
        args: [expect.stringMatching(/^Dependency [-0-9a-f]{36} raised ValueError\('bad'\)$/)],
      },
    });
    const result = await chord([s('py.fail'), s('ts.add', 1, 1)], s('ts.total')).applyAsync();
    await expect(result.get(patience)).rejects.toMatchObject({
      fields: { type: 'ChordError', args: [expect.stringMatching(/raised ValueError\('bad', 1\)$/)] },
    });
  });

  it('a chain that fails before its part of the header fails the chord too', async () => {
    const parts = [chain(s('ts.fail'), s('ts.add', 1)), s('py.add', 1, 1)];
    const result = await chord(parts, s('ts.total')).applyAsync();
    await expect(result.get(patience)).rejects.toMatchObject({ fields: { type: 'ChordError' } });
  });

  it('nobody was asked to look at a header, and what was counted is gone', async () => {
    const look = new Redis(redis.url);
    const result = await chord([s('py.add', 1, 1), s('ts.add', 1, 1)], s('ts.total')).applyAsync();
    expect(await result.get(patience)).toBe(4);
    const queued = await Promise.all([ours, theirs].map((queue) => look.lrange(queue, 0, -1)));
    expect(queued.flat().join()).not.toContain('chord_unlock');
    expect(await look.keys('mine_celery-task-meta-*')).not.toEqual([]);
    expect(await look.get(`mine_celery-taskset-meta-${result.parent?.id}.s`)).toBeNull();
    look.disconnect();
  });

  it('progress is seen as it comes', async () => {
    const seen: unknown[] = [];
    const result = await s('py.progress').applyAsync();
    for await (const { status } of result.updates(patience)) seen.push(status);
    expect(seen.at(-1)).toBe('SUCCESS');
    expect(await run(['ts.progress'])).toMatchObject({ value: 'done' });
  });

  it('a group of both', async () => {
    const result = await group([s('ts.add', 1, 1), s('py.add', 2, 2)]).applyAsync();
    expect(await result.get(patience)).toEqual([2, 4]);
  });
}
