import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import type { CeleryApp, SignatureData } from '../../../src/app/index.js';
import { defineTask } from '../../../src/app/index.js';
import { applySignature } from '../../../src/canvas/index.js';
import type { CaseTable } from './case-table.js';

const sig = (
  task: string,
  args: readonly unknown[] = [],
  more: Partial<SignatureData> = {},
): SignatureData => ({
  task,
  args,
  kwargs: {},
  options: {},
  subtask_type: null,
  immutable: false,
  ...more,
});
const of = (kind: 'chain' | 'group' | 'chord', kwargs: Record<string, unknown>): SignatureData =>
  sig(`celery.${kind}`, [], { kwargs, subtask_type: kind });

function tasks(app: CeleryApp): { readonly seen: object[] } {
  const seen: object[] = [];
  defineTask(app, 'add', (...numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0));
  defineTask(app, 'sum', (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0));
  defineTask(app, 'fail', () => {
    throw new RangeError('broken');
  });
  defineTask(app, 'note', { bind: true }, (task, ...args: unknown[]) => {
    seen.push({ args, parent: task.parentId, root: task.rootId, group: task.request.groupId });
  });
  return { seen };
}

/** Callbacks, chains, groups and chords. */
export const canvasCases: CaseTable = {
  'sends callbacks with the result, before it is stored': async (system) => {
    const app = system.app();
    const { seen } = tasks(app);
    await system.worker(app);
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    const id = await system.call(app, 'add', [1, 2], { link: [sig('note', ['x'])] });
    await noted;
    expect(seen).toEqual([{ args: [3, 'x'], parent: id, root: id, group: null }]);
    expect((await system.ended(app, id)).result).toBe(3);
  },

  'a run that may repeat another marks the next step, which is not run a second time': async (system) => {
    const app = system.app();
    const { seen } = tasks(app);
    const worker = await system.worker(app);
    const next = { ...sig('note'), options: { task_id: randomUUID() } };
    const body = new TextEncoder().encode(JSON.stringify([[1, 2], {}, { chain: [next] }]));
    const marks: unknown[] = [];
    app.signals.on('after_task_publish', ({ message }) => void marks.push(message.headers.redelivered));
    // As the first delivery of it left it: the next step has been sent and done.
    await system.publish(app, { headers: { task: 'note', id: next.options.task_id } });
    await system.ended(app, next.options.task_id);
    await system.publish(app, { headers: { task: 'note', id: next.options.task_id, redelivered: true } });
    await system.publish(app, { headers: { task: 'add', id: randomUUID(), redelivered: true }, body });
    const other = { ...sig('note'), options: { task_id: randomUUID() } };
    const fresh = new TextEncoder().encode(JSON.stringify([[1, 2], {}, { chain: [other] }]));
    await system.publish(app, { headers: { task: 'add', id: randomUUID(), redelivered: true }, body: fresh });
    await system.ended(app, other.options.task_id);
    await vi.waitFor(() => expect(worker.info().counts.duplicates).toBe(1));
    await worker.stop();
    expect(seen).toHaveLength(2);
    expect(marks).toEqual([true]);
  },

  'sends several callbacks as one group': async (system) => {
    const app = system.app();
    const { seen } = tasks(app);
    await system.worker(app);
    await system.call(app, 'add', [1], { link: [sig('note', ['a']), sig('note', ['b'])] });
    await new Promise<void>((resolve) =>
      app.signals.on('task_postrun', () => void (seen.length === 2 && resolve())),
    );
    const groups = new Set(seen.map((one) => (one as { group: string }).group));
    expect(groups.size).toBe(1);
    expect([...groups][0]).toEqual(expect.any(String));
  },

  'sends errbacks with the id of the failed task': async (system) => {
    const app = system.app();
    const { seen } = tasks(app);
    await system.worker(app);
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    const id = await system.call(app, 'fail', [], { link: [sig('note', ['no'])], link_error: [sig('note')] });
    await noted;
    expect(seen).toEqual([{ args: [id], parent: id, root: id, group: expect.any(String) }]);
  },

  'runs a chain, each step with the result before it': async (system) => {
    const app = system.app();
    const { seen } = tasks(app);
    await system.worker(app);
    const steps = [sig('add', [1, 2]), sig('add', [10]), sig('add', [100]), sig('note')];
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    const result = await applySignature(app, of('chain', { tasks: steps }));
    await noted;
    expect(seen).toMatchObject([{ args: [113] }]);
    expect((await system.ended(app, result.id)).status).toBe('SUCCESS');
  },

  'fails the rest of a chain with its step, and calls errbacks once': async (system) => {
    const app = system.app();
    const { seen } = tasks(app);
    await system.worker(app);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const [one, two, three] = ids.map((task_id) => ({ options: { task_id } }));
    const steps = [sig('fail', [], one), sig('add', [1], two), sig('add', [2], three)];
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    await applySignature(app, of('chain', { tasks: steps }), { options: { link_error: [sig('note')] } });
    await noted;
    for (const id of ids) {
      expect(await system.ended(app, id)).toMatchObject({
        status: 'FAILURE',
        result: { exc_message: ['broken'] },
      });
    }
    expect(seen).toMatchObject([{ args: [ids[0]] }]);
  },

  'runs a group': async (system) => {
    const app = system.app();
    tasks(app);
    await system.worker(app);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const members = ids.map((task_id, i) => sig('add', [i, 10], { options: { task_id } }));
    await applySignature(app, of('group', { tasks: members }));
    const metas = await Promise.all(ids.map((id) => system.ended(app, id)));
    expect(metas.map(({ result }) => result)).toEqual([10, 11, 12]);
  },

  'runs the body of a chord when its header has ended': async (system) => {
    const app = system.app({ result_chord_retry_interval: 0.2 });
    tasks(app);
    await system.worker(app);
    const header = [1, 2, 3].map((n) => sig('add', [n, n]));
    const result = await applySignature(app, of('chord', { kwargs: {}, header, body: sig('sum') }));
    expect(await system.ended(app, result.id)).toMatchObject({ status: 'SUCCESS', result: 12 });
  },

  'fails the body of a chord whose header failed': async (system) => {
    const app = system.app({ result_chord_retry_interval: 0.2 });
    tasks(app);
    await system.worker(app);
    const header = [sig('add', [1, 1]), sig('fail')];
    const result = await applySignature(app, of('chord', { kwargs: {}, header, body: sig('sum') }));
    expect(await system.ended(app, result.id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ChordError' },
    });
  },

  'goes on with the chain of a task that was retried': async (system) => {
    const app = system.app();
    const { seen } = tasks(app);
    defineTask(app, 'shaky', { bind: true }, (task) => {
      if (task.retries === 0) task.retry({ countdown: 0 });
      return 5;
    });
    await system.worker(app);
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    await applySignature(app, of('chain', { tasks: [sig('shaky'), sig('add', [1]), sig('note')] }));
    await noted;
    expect(seen).toMatchObject([{ args: [6] }]);
  },
};
