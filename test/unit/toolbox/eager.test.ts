import { describe, expect, test } from 'vitest';
import type { SettingsInput } from '../../../src/app/index.js';
import { chain, chord, group } from '../../../src/canvas/index.js';
import { Celery } from '../../../src/toolbox/index.js';

function eager(settings: SettingsInput = {}) {
  const app = new Celery('eager', { settings: { task_always_eager: true, ...settings } });
  const add = app.task('add', (x: number, y: number) => x + y);
  const sum = app.task('sum', (numbers: number[]) => numbers.reduce((one, two) => one + two, 0));
  const fail = app.task('fail', (): number => {
    throw new RangeError('broken');
  });
  return { app, add, sum, fail };
}

describe('with task_always_eager', () => {
  test('a call has run when it resolves, whatever its countdown', async () => {
    const { add } = eager();
    const result = await add.applyAsync({ args: [2, 3], countdown: 3_600 });
    expect(await result.result()).toMatchObject({ status: 'SUCCESS', result: 5 });
    expect(await result.get()).toBe(5);
  });

  test('a failure is in the result, or thrown by the call when it is to propagate', async () => {
    const { fail } = eager();
    const result = await fail.delay();
    expect(await result.state()).toBe('FAILURE');
    await expect(result.get()).rejects.toMatchObject({ code: 'TASK_FAILED' });
    await expect(eager({ task_eager_propagates: true }).fail.delay()).rejects.toThrow(
      new RangeError('broken'),
    );
  });

  test('retries follow at once, up to their bound', async () => {
    const { app } = eager();
    const seen: number[] = [];
    const shaky = app.task('shaky', { bind: true, maxRetries: 2 }, (task, last: number) => {
      seen.push(task.retries);
      if (task.retries < last) task.retry({ error: new RangeError('again'), countdown: 600 });
      return 'done';
    });
    expect(await (await shaky.delay(2)).get()).toBe('done');
    expect(seen.splice(0)).toEqual([0, 1, 2]);
    expect(await (await shaky.delay(9)).state()).toBe('FAILURE');
    expect(seen).toEqual([0, 1, 2]);
  });

  test('calls made inside a task are its children, and have run when they resolve', async () => {
    const { app, add } = eager();
    const parent = app.task('parent', { bind: true }, async (task) => {
      const child = await add.delay(1, 1);
      return [await child.get(), task.id];
    });
    const result = await parent.delay();
    expect(await result.get()).toEqual([2, result.id]);
    expect(await result.children()).toHaveLength(1);
  });

  test('chains, groups, chords and callbacks run to their end', async () => {
    const { add, sum, fail } = eager();
    expect(await (await chain(add.s(1, 2), add.s(10), add.s(100)).applyAsync()).get()).toBe(113);
    expect(await (await group(add.s(1, 1), add.s(2, 2)).applyAsync()).get()).toEqual([2, 4]);
    expect(await (await chord([add.s(1, 1), add.s(2, 2)], sum.s()).applyAsync()).get()).toBe(6);
    const failed = await chord([add.s(1, 1), fail.s()], sum.s()).applyAsync();
    expect(await failed.state()).toBe('FAILURE');
    const broken = await chain(fail.s(), add.s(1)).applyAsync();
    expect(await broken.state()).toBe('FAILURE');
  });

  test('results are kept in memory, or in the result store when told to', async () => {
    const nowhere = 'db+postgresql://u:p@127.0.0.1:1/none';
    const { add } = eager({ result_backend: nowhere });
    expect(await (await add.delay(1, 1)).get()).toBe(2);
    const { app } = eager({ result_backend: 'cache+memory://', task_store_eager_result: true });
    expect((await app.backend())?.url).toBe('memory://');
    await expect(
      eager({ result_backend: nowhere, task_store_eager_result: true }).app.backend(),
    ).rejects.toMatchObject({
      code: 'RESULT_BACKEND_UNREACHABLE',
    });
  });
});
