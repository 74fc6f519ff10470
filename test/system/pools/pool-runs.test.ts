import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PoolSystem } from './pool-system.js';

/** What a task may do and ends in, in a thread and in a process. */
describe.each(['threads', 'prefork'] as const)('%s', (pool) => {
  let system: PoolSystem;
  beforeAll(async () => {
    system = await PoolSystem.start({ pool, hostname: 'here' }, () => {});
  });
  afterAll(() => system.stop());

  test('values come back as they went', async () => {
    const value = { a: [1, -0.5, 2n ** 70n, null, true], at: new Date(12), m: { '\u0000wt': 'class' } };
    expect(await system.result('echo', value)).toEqual(value);
    expect(Buffer.from((await system.result('echo', new Uint8Array([0, 255]))) as Uint8Array)).toEqual(
      Buffer.from([0, 255]),
    );
  });

  test('tasks run elsewhere', async () => {
    const pid = await system.result('pid');
    if (pool === 'prefork') expect(system.pids()).toContain(pid);
    else expect(pid).toBe(process.pid);
  });

  test('as many at a time as there are slots, and the worker stays free', async () => {
    const spinning = Promise.all([system.run('spin', [600]), system.run('spin', [600])]);
    // The worker's own timers fire while both spin.
    await expect.poll(() => system.worker.info().active.length, { interval: 10 }).toBe(2);
    await spinning;
  });

  test('an error keeps its type, its text and its stack', async () => {
    const failed = system.app.signals;
    const heard = new Promise<unknown>((resolve) => failed.on('task_failure', ({ error }) => resolve(error)));
    const meta = await system.run('fail');
    expect(meta).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ValueError', exc_message: ['broken'], exc_module: 'builtins' },
    });
    expect(meta.traceback).toContain('pools.mjs');
    expect(await heard).toMatchObject({ name: 'RangeError', message: 'broken', status: 418 });
    expect(await heard).toBeInstanceOf(RangeError);
  });

  test('ignore, reject, retry and automatic retry', async () => {
    await system.send('ignore');
    const rejected = new Promise((resolve) => system.app.signals.on('task_rejected', resolve));
    await system.send('reject');
    expect(await rejected).toMatchObject({ reason: 'not today' });
    expect(await system.run('retry')).toMatchObject({ status: 'SUCCESS', result: 1 });
    expect(await system.run('autoretry')).toMatchObject({ status: 'SUCCESS', result: 1 });
  });

  test('progress, log records with the task, and termination', async () => {
    const id = await system.send('progress');
    const meta = await system.until(id, ({ status }) => status === 'PROGRESS');
    expect(meta.result).toEqual({ done: 1 });
    await expect
      .poll(() => system.logs.find(({ message }) => message === 'half way')?.fields)
      .toMatchObject({ step: 1, task: 'progress', id });
    await system.worker.revoke([id], { terminate: true });
    expect(await system.ended(id)).toMatchObject({
      status: 'REVOKED',
      result: { exc_message: ['terminated'] },
    });
  });

  test('the soft limit arrives with its reason', async () => {
    expect(await system.result('reason')).toBe('SoftTimeLimitExceeded');
    expect(await system.run('wait', [60_000], { soft_time_limit: 0.1 })).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'SoftTimeLimitExceeded', exc_message: [], exc_module: 'billiard.exceptions' },
    });
  });

  test('the running task is known, and signals of the process are sent in it', async () => {
    const id = await system.send('who', [], { root_id: 'r', parent_id: 'p' });
    expect((await system.ended(id)).result).toEqual({ id, root: 'r', parent: 'p', name: 'who' });
    expect(await system.result('seen')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^init here@/), 'prerun seen']),
    );
  });

  test('callbacks that a task has taken over are not sent', async () => {
    const sent: string[] = [];
    system.app.signals.on('task_received', ({ task }) => void sent.push(task));
    const link = { task: 'noop', args: [], kwargs: {}, options: {}, subtask_type: null, immutable: true };
    await system.run('take-over', [], { link: [link] });
    await system.run('pid', [], { link: [link] });
    await expect.poll(() => sent).toEqual(['take-over', 'pid', 'noop']);
  });

  test('a result that is no data fails the task, in the words of every pool', async () => {
    expect(await system.run('function')).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'EncodeError', exc_message: [expect.stringContaining('a function')] },
    });
  });
});
