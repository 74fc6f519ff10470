import { expect } from 'vitest';
import type { CaseTable } from './case-table.js';

/** What a run ends in, and what is stored about it. */
export const outcomeCases: CaseTable = {
  'stores the value of a task that succeeds': async (system) => {
    const app = system.app();
    const order: string[] = [];
    for (const name of ['task_received', 'task_prerun', 'task_success', 'task_postrun'] as const) {
      app.signals.on(name, ({ id }) => void order.push(`${name} ${id}`));
    }
    await system.worker(app);
    const ended = system.signal(app, 'task_postrun');
    const id = await system.call(app, 'add', [2, 3]);
    expect(await system.ended(app, id)).toMatchObject({ status: 'SUCCESS', result: 5, traceback: null });
    expect(await ended).toMatchObject({ id, state: 'SUCCESS', retval: 5 });
    expect(order).toEqual(
      ['task_received', 'task_prerun', 'task_success', 'task_postrun'].map((name) => `${name} ${id}`),
    );
  },

  'stores the error of a task that fails': async (system) => {
    const app = system.app();
    await system.worker(app);
    const failed = system.signal(app, 'task_failure');
    const id = await system.call(app, 'fail', ['too far']);
    const meta = await system.ended(app, id);
    expect(meta).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ValueError', exc_message: ['too far'], exc_module: 'builtins' },
    });
    expect(meta.traceback).toMatch(/ValueError: too far$/);
    expect(await failed).toMatchObject({ id, traceback: expect.stringContaining('too far') });
  },

  'stores STARTED when it is tracked': async (system) => {
    const app = system.app({ task_track_started: true });
    const gate = system.gate('first');
    const worker = await system.worker(app, { hostname: 'first@%h' });
    const id = await system.call(app, 'work');
    const started = await system.until(app, id, ({ status }) => status === 'STARTED');
    const pids = worker.info().steps['pool']?.['processes'] as number[];
    if (system.pool !== 'prefork') expect(pids).toEqual([process.pid]);
    expect(started.result).toEqual({ pid: expect.toBeOneOf(pids), hostname: worker.hostname });
    expect(worker.info().active.map((one) => one.id)).toEqual([id]);
    gate.open();
    expect((await system.ended(app, id)).status).toBe('SUCCESS');
  },

  'runs a task again as often as it asks for': async (system) => {
    const app = system.app();
    await system.worker(app);
    const retried = system.signal(app, 'task_retry');
    const id = await system.call(app, 'shaky', [2, 'x']);
    expect(await system.ended(app, id)).toMatchObject({ status: 'SUCCESS', result: 2 });
    expect(await retried).toMatchObject({ id, error: new Error('not yet: x') });
    expect(system.notes('shaky')).toEqual([
      { id, retries: 0, parent: null, root: id },
      { id, retries: 1, parent: id, root: id },
      { id, retries: 2, parent: id, root: id },
    ]);
  },

  'stores RETRY with the error until the next attempt': async (system) => {
    const app = system.app();
    await system.worker(app);
    const id = await system.call(app, 'later');
    const meta = await system.until(app, id, ({ status }) => status === 'RETRY');
    expect(meta.result).toEqual({ exc_type: 'ValueError', exc_message: ['busy'], exc_module: 'builtins' });
  },

  'gives up with the error when no retry is left': async (system) => {
    const app = system.app();
    await system.worker(app);
    const named = await system.ended(app, await system.call(app, 'named'));
    expect(named).toMatchObject({ status: 'FAILURE', result: { exc_type: 'ValueError' } });
    expect(system.notes('named')).toHaveLength(3);
    const id = await system.call(app, 'nameless');
    expect(await system.ended(app, id)).toMatchObject({
      status: 'FAILURE',
      result: {
        exc_type: 'MaxRetriesExceededError',
        exc_module: 'celery.exceptions',
        exc_message: [expect.stringContaining(`Can't retry nameless[${id}] args:`)],
      },
    });
  },

  'retries by itself on the errors a task names': async (system) => {
    const app = system.app();
    await system.worker(app, { random: () => 0 });
    const id = await system.call(app, 'auto');
    expect(await system.ended(app, id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'TypeError', exc_message: ['never again'] },
    });
    expect(system.notes('auto')).toEqual([0, 1, 2]);
  },

  'runs a task later when it snoozes, without counting a retry': async (system) => {
    const app = system.app();
    await system.worker(app);
    const snoozed = system.signal(app, 'task_retry');
    const id = await system.call(app, 'sleepy');
    expect(await system.ended(app, id)).toMatchObject({ status: 'SUCCESS', result: 'awake' });
    expect((await snoozed).error).toMatchObject({ message: 'Retry in 0.1s' });
    expect(system.notes('sleepy')).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
    ]);
  },

  'tells of its progress to whoever follows it': async (system) => {
    const app = system.app();
    const gate = system.gate('steps');
    await system.worker(app);
    const handle = app.asyncResult(await system.call(app, 'steps'));
    const seen: object[] = [];
    for await (const { status, result } of handle.updates({ timeout: 20 })) {
      seen.push({ status, result });
      if (status === 'PROGRESS') gate.open();
    }
    expect(seen.filter((one) => (one as { status: string }).status !== 'PENDING')).toEqual([
      {
        status: 'PROGRESS',
        result: { current: 3, total: 4, percent: 75, description: 'three quarters' },
      },
      { status: 'SUCCESS', result: 'done' },
    ]);
  },

  'stores nothing for ignored tasks, a failure for rejected ones, and nothing that was not asked for': async (
    system,
  ) => {
    const app = system.app();
    await system.worker(app);
    const rejected = system.signal(app, 'task_rejected');
    const ids: string[] = [];
    for (const task of ['ignore', 'reject', 'quiet']) {
      const ended = system.signal(app, 'task_postrun', (one) => one.task === task);
      ids.push(await system.call(app, task));
      await ended;
    }
    expect((await rejected).reason).toBe('not mine');
    const [ignored = '', refused = '', quiet = ''] = ids;
    for (const id of [ignored, quiet]) expect((await system.meta(app, id)).status).toBe('PENDING');
    expect(await system.ended(app, refused)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'Reject', exc_message: ['not mine', false], exc_module: 'celery.exceptions' },
    });
    const loud = await system.call(app, 'loud');
    expect((await system.ended(app, loud)).status).toBe('FAILURE');
    const overridden = await system.call(app, 'quiet', [], { ignore_result: false });
    expect(await system.ended(app, overridden)).toMatchObject({ status: 'SUCCESS', result: 'unheard' });
  },

  'fails a task whose result cannot be written': async (system) => {
    const app = system.app();
    await system.worker(app);
    const id = await system.call(app, 'function');
    expect(await system.ended(app, id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'EncodeError', exc_module: 'kombu.exceptions' },
    });
  },

  'takes a rejected task up again when told to': async (system) => {
    const app = system.app();
    await system.worker(app);
    const id = await system.call(app, 'requeue');
    expect(await system.ended(app, id)).toMatchObject({ status: 'SUCCESS', result: 2 });
  },
};
