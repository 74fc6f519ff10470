import { describe, expect, onTestFinished, test } from 'vitest';
import { PoolSystem } from './pool-system.js';
import { alwaysKilled, killedOnce, neverEnding, outOfMemory, strayErrors } from './scenarios.js';

describe.each(['threads', 'prefork'] as const)('%s', (pool) => {
  test('a task whose child ended under it runs again', async () => {
    expect(await killedOnce(pool, 6, onTestFinished)).toEqual({ lost: 0 });
  });

  test.each(pool === 'threads' ? ['exit'] : ['exit', 'kill', 'abort'])(
    'a task that always ends its child (%s) stops after five deliveries, and disturbs nobody',
    async (task) => {
      const { meta, ...rest } = await alwaysKilled(pool, task, 20, onTestFinished);
      expect(rest).toEqual({ deliveries: 5, quarantined: ['deliveries'], lost: 0, left: 0 });
      expect(meta).toMatchObject({
        status: 'FAILURE',
        result: { exc_type: 'WorkerLostError', exc_module: 'billiard.exceptions' },
      });
    },
  );

  test('a slot whose task never ends comes back at the hard limit', async () => {
    const { recovered, slowestMs } = await neverEnding(pool, 4, 0.3, onTestFinished);
    expect(recovered).toBe(4);
    expect(slowestMs).toBeLessThan(5_000);
  });

  test('an error in a timer, or a rejection nobody handles, is the failure of its task', async () => {
    expect(await strayErrors(pool, 4, onTestFinished)).toEqual({ failed: 4 });
  });

  test('a task that takes all memory ends its child, not the worker', async () => {
    const { meta, ms, after } = await outOfMemory(pool, onTestFinished);
    expect(meta).toMatchObject({ status: 'FAILURE', result: { exc_type: 'WorkerLostError' } });
    expect(ms).toBeLessThan(20_000);
    expect(after.status).toBe('SUCCESS');
  });

  test.each([
    ['acknowledged early', { task_acks_late: false }],
    ['not to be run again', { task_reject_on_worker_lost: false }],
  ])('a lost task that is %s fails', async (_name, settings) => {
    const system = await PoolSystem.start({ pool, settings });
    expect(await system.run('exit', [0])).toMatchObject({
      status: 'FAILURE',
      result: {
        exc_type: 'WorkerLostError',
        exc_message: ['Worker exited prematurely: exitcode 0 Job: 0.'],
        exc_module: 'billiard.exceptions',
      },
      traceback: null,
    });
    expect(system.quarantined).toEqual([]);
  });

  test('a lost task counts as a retry where it says so', async () => {
    const system = await PoolSystem.start({ pool, settings: { task_retry_on_worker_lost: true } });
    const states: string[] = [];
    system.app.signals.on('task_postrun', ({ state }) => void states.push(state));
    const task = system.app.tasks.get('exit');
    Object.assign(task?.options ?? {}, { maxRetries: 2, defaultRetryDelay: 0 });
    expect(await system.run('exit', [0])).toMatchObject({ status: 'FAILURE' });
    await expect.poll(() => states).toEqual(['RETRY', 'RETRY', 'FAILURE']);
  });
});

test('a process killed from outside: its task fails in the words of billiard', async () => {
  const system = await PoolSystem.start({ pool: 'prefork', settings: { task_acks_late: false } });
  const id = await system.send('for-ever');
  const running = (): number | undefined => system.worker.info().active[0]?.worker_pid;
  await expect.poll(() => system.pids().includes(running() ?? 0)).toBe(true);
  process.kill(running() ?? 0, 'SIGKILL');
  expect((await system.ended(id)).result).toMatchObject({
    exc_message: ['Worker exited prematurely: signal 9 (SIGKILL) Job: 0.'],
  });
  expect((await system.run('noop')).status).toBe('SUCCESS');
});
