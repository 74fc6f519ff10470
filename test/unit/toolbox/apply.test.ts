import { afterEach, describe, expect, test } from 'vitest';
import type { SignatureData, TaskRequest } from '../../../src/app/index.js';
import { type AnySignature, chain, chord, group } from '../../../src/canvas/index.js';
import { Celery, createWorker, currentTask } from '../../../src/index.js';

const apps: Celery[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

/** An app whose broker nobody serves: what is not run here is not run at all. */
function make() {
  const app = new Celery('apply', {
    settings: { broker_url: 'memory://', result_backend: 'cache+memory://' },
  });
  apps.push(app);
  // With Celery's own tasks, which know the app's results.
  createWorker(app);
  const runs: string[] = [];
  const run = (name: string): void => void runs.push(name);
  return {
    app,
    runs,
    add: app.task('add', (x: number, y: number) => {
      run('add');
      return x + y;
    }),
    total: app.task('total', (numbers: readonly number[]) => {
      run('total');
      return numbers.reduce((sum, one) => sum + one, 0);
    }),
    fail: app.task('fail', (..._: unknown[]): number => {
      throw new RangeError('broken');
    }),
    shaky: app.task('shaky', { bind: true }, (task, value: number) => {
      if (task.retries < 2) task.retry({ countdown: 600 });
      return value;
    }),
    swap: app.task('swap', { bind: true }, (task, sig: SignatureData) => task.replace(sig)),
    byId: app.task('by_id', (id: string) => run(`by_id ${id}`)),
    called: app.task('called', (request: TaskRequest, error: unknown, _traceback: string | null) =>
      run(`called ${request.id} ${String(error)}`),
    ),
  };
}

describe('apply', () => {
  test('runs every form here, in the time it takes', async () => {
    const { app, add, total, shaky, swap } = make();
    const one = add.s(1, 1);
    const sums = group([add.s(1, 1), add.s(2, 2)]);
    const forms: readonly (readonly [AnySignature, unknown])[] = [
      [add.s(1, 2), 3],
      [shaky.s(7).set({ countdown: 3600 }), 7],
      [chain(add.s(1, 2), add.s(3), add.s(4)), 10],
      [sums, [2, 4]],
      [group([]), []],
      [chain(sums, total.s(), add.s(1)), 7],
      [chain([one, group([add.s(1), add.s(2)])]), [3, 4]],
      [chord([one], total.s()), 2],
      [chord([], total.s()), 0],
      [chord([chord([one, one], total.s()), chain(one, add.s(1))], total.s()), 7],
      [chord([one, one], chain(total.s(), add.s(10))), 14],
      [chord([one, one], chord([total.s(), total.s()], total.s()) as AnySignature), 8],
      [chain([group([one, one]), group([total.s(), total.s()]), total.s()]), 8],
      [
        chord(
          [swap.s(chain(one, add.s(5)).toJSON()), shaky.s(1)] as AnySignature[],
          total.s() as AnySignature,
        ),
        8,
      ],
      [swap.s(group([one, one]).toJSON()), [2, 2]],
      [
        add.starmap([
          [1, 1],
          [2, 2],
        ]),
        [2, 4],
      ],
      [
        add.chunks(
          [
            [1, 1],
            [2, 2],
            [3, 3],
          ],
          2,
        ),
        [[2, 4], [6]],
      ],
    ];
    for (const [form, value] of forms) {
      const result = (await form.apply()) as { get(): Promise<unknown> };
      expect(await result.get(), JSON.stringify(form)).toEqual(value);
    }
    // Nothing of it went to the broker, where not even a queue was declared.
    await expect((await app.broker()).size('celery')).rejects.toMatchObject({ code: 'NOT_DECLARED' });
  });

  test('gives results that have ended: state, parents, failure', async () => {
    const { add, fail, total } = make();
    const done = await chain(add.s(1, 2), add.s(3)).apply();
    expect([await done.state(), await done.parent?.get()]).toEqual(['SUCCESS', 3]);
    const failed = await chain(add.s(1, 2), fail.s(), add.s(3)).apply();
    expect([await failed.state(), await failed.parent?.state()]).toEqual(['FAILURE', 'FAILURE']);
    await expect(failed.get()).rejects.toMatchObject({ code: 'TASK_FAILED', fields: { type: 'ValueError' } });
    await expect(fail.apply({ args: [], throw: true })).rejects.toThrow(/broken/);
    expect(await (await chord([fail.s(), add.s(1, 1)], total.s()).apply()).state()).toBe('FAILURE');
  });

  test('takes arguments and options of the call, and errbacks of either kind', async () => {
    const { add, fail, byId, called, runs } = make();
    expect(await (await add.apply({ args: [1, 2] })).get()).toBe(3);
    expect(await (await add.apply({ kwargs: { x: 2, y: 3 } })).get()).toBe(5);
    expect(await (await add.s(2).apply({ args: [1] })).get()).toBe(3);
    runs.length = 0;
    await fail.s().linkError(byId.s()).linkError(called.s()).apply({ task_id: 'one' });
    expect(runs).toEqual(['called one RangeError: broken', 'by_id one']);
  });

  test('belongs to the running task, whose own calls go to the broker', async () => {
    const { app, add } = make();
    const about = app.task('about', async () => {
      await add.delay(1, 1);
      return [currentTask()?.parentId, currentTask()?.rootId];
    });
    const outer = app.task('outer', { bind: true }, async (task) => {
      const told = await (await about.apply({ args: [] })).get();
      return told.every((id) => id === task.id);
    });
    expect(await (await outer.apply({ args: [] })).get()).toBe(true);
    expect(await (await app.broker()).size('celery')).toBe(1);
  });
});
