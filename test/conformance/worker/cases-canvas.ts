import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import type { SignatureData } from '../../../src/app/index.js';
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

/** Callbacks, chains, groups and chords. */
export const canvasCases: CaseTable = {
  'sends callbacks with the result, before it is stored': async (system) => {
    const app = system.app();
    await system.worker(app);
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    const id = await system.call(app, 'add', [1, 2], { link: [sig('note', ['x'])] });
    await noted;
    expect(system.notes('note')).toEqual([{ args: [3, 'x'], parent: id, root: id, group: null }]);
    expect((await system.ended(app, id)).result).toBe(3);
  },

  'a run that may repeat another marks the next step, which is not run a second time': async (system) => {
    const app = system.app();
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
    expect(system.notes('note')).toHaveLength(2);
    expect(marks).toEqual([true]);
  },

  'sends several callbacks as one group': async (system) => {
    const app = system.app();
    await system.worker(app);
    await system.call(app, 'add', [1], { link: [sig('note', ['a']), sig('note', ['b'])] });
    const seen = await system.noted<{ readonly group: string }>('note', 2);
    const groups = new Set(seen.map(({ group }) => group));
    expect(groups.size).toBe(1);
    expect([...groups][0]).toEqual(expect.any(String));
  },

  'sends errbacks with the id of the failed task': async (system) => {
    const app = system.app();
    await system.worker(app);
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    const id = await system.call(app, 'fail', [], { link: [sig('note', ['no'])], link_error: [sig('note')] });
    await noted;
    expect(system.notes('note')).toEqual([{ args: [id], parent: id, root: id, group: expect.any(String) }]);
  },

  'runs a chain, each step with the result before it': async (system) => {
    const app = system.app();
    await system.worker(app);
    const steps = [sig('add', [1, 2]), sig('add', [10]), sig('add', [100]), sig('note')];
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    const result = await system.apply(app, of('chain', { tasks: steps }));
    await noted;
    expect(system.notes('note')).toMatchObject([{ args: [113] }]);
    expect((await system.ended(app, result.id)).status).toBe('SUCCESS');
  },

  'fails the rest of a chain with its step, and calls errbacks once': async (system) => {
    const app = system.app();
    await system.worker(app);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const [one, two, three] = ids.map((task_id) => ({ options: { task_id } }));
    const steps = [sig('fail', [], one), sig('add', [1], two), sig('add', [2], three)];
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    await system.apply(app, of('chain', { tasks: steps }), { options: { link_error: [sig('note')] } });
    await noted;
    for (const id of ids) {
      expect(await system.ended(app, id)).toMatchObject({
        status: 'FAILURE',
        result: { exc_message: ['broken'] },
      });
    }
    expect(system.notes('note')).toMatchObject([{ args: [ids[0]] }]);
  },

  'runs a group': async (system) => {
    const app = system.app();
    await system.worker(app);
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const members = ids.map((task_id, i) => sig('add', [i, 10], { options: { task_id } }));
    await system.apply(app, of('group', { tasks: members }));
    const metas = await Promise.all(ids.map((id) => system.ended(app, id)));
    expect(metas.map(({ result }) => result)).toEqual([10, 11, 12]);
  },

  'runs the body of a chord when its header has ended': async (system) => {
    const app = system.app({ result_chord_retry_interval: 0.2 });
    await system.worker(app);
    const header = [1, 2, 3].map((n) => sig('add', [n, n]));
    const result = await system.apply(app, of('chord', { kwargs: {}, header, body: sig('sum') }));
    expect(await system.ended(app, result.id)).toMatchObject({ status: 'SUCCESS', result: 12 });
  },

  'fails the body of a chord whose header failed': async (system) => {
    const app = system.app({ result_chord_retry_interval: 0.2 });
    await system.worker(app);
    const header = [sig('add', [1, 1]), sig('fail')];
    const result = await system.apply(app, of('chord', { kwargs: {}, header, body: sig('sum') }));
    expect(await system.ended(app, result.id)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'ChordError' },
    });
  },

  'goes on with the chain of a task that was retried': async (system) => {
    const app = system.app();
    await system.worker(app);
    const noted = system.signal(app, 'task_success', ({ task }) => task === 'note');
    await system.apply(app, of('chain', { tasks: [sig('shaky', [1]), sig('add', [1]), sig('note')] }));
    await noted;
    expect(system.notes('note')).toMatchObject([{ args: [2] }]);
  },
};
