import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { defineTask } from '../../../src/app/index.js';
import type { CaseTable } from './case-table.js';
import { Gate, patiently } from './system.js';

/** When messages leave their queues, and what happens when they come again. */
export const acknowledgementCases: CaseTable = {
  'a late acknowledged task whose worker is gone runs on another': async (system) => {
    const [first, second] = [system.app(), system.app()];
    const gate = new Gate();
    defineTask(first, 'work', () => gate.wait());
    defineTask(second, 'work', () => 'second');
    await system.worker(first);
    const id = await system.call(second, 'work');
    await gate.reached;
    await first.close();
    await system.worker(second);
    expect(await system.ended(second, id)).toMatchObject({ status: 'SUCCESS', result: 'second' });
    gate.open();
  },

  'the result of a run that lost its message is not stored': async (system) => {
    const [first, second] = [system.app(), system.app()];
    const gate = new Gate();
    const aborted: unknown[] = [];
    defineTask(first, 'work', { bind: true }, async (task) => {
      task.signal.addEventListener('abort', () => aborted.push(task.signal.reason));
      await gate.wait();
      return 'first';
    });
    defineTask(second, 'work', () => 'second');
    const worker = await system.worker(first);
    const id = await system.call(second, 'work');
    await gate.reached;
    await (await first.broker()).close();
    await system.worker(second);
    expect(await system.ended(second, id)).toMatchObject({ result: 'second' });
    expect(aborted).toEqual([expect.objectContaining({ code: 'LEASE_LOST' })]);
    gate.open();
    await worker.stop({ deadlineMs: 5_000 });
    expect(worker.info().counts).toMatchObject({ lost: 1, outcomes: { success: 0, returned: 1 } });
    expect((await system.meta(second, id)).result).toBe('second');
  },

  'an early acknowledged task is not run again': async (system) => {
    const [first, second] = [system.app({ task_acks_late: false }), system.app()];
    const gate = new Gate();
    defineTask(first, 'work', () => gate.wait());
    defineTask(second, 'work', () => 'again');
    defineTask(second, 'noop', () => 'done');
    await system.worker(first);
    const id = await system.call(second, 'work');
    await gate.reached;
    await (await first.broker()).close();
    await system.worker(second);
    const probe = await system.call(second, 'noop');
    expect((await system.ended(second, probe)).status).toBe('SUCCESS');
    expect((await system.meta(second, id)).status).toBe('PENDING');
    gate.open();
    expect((await system.ended(second, id)).status).toBe('SUCCESS');
  },

  'a copy of a running task shares its run': async (system) => {
    const app = system.app();
    const gate = new Gate();
    let runs = 0;
    defineTask(app, 'work', async () => {
      runs += 1;
      await gate.wait();
    });
    const worker = await system.worker(app);
    const headers = { task: 'work', id: randomUUID() };
    await system.publish(app, { headers });
    await gate.reached;
    await system.publish(app, { headers });
    await patiently(parked(worker), 'the copy is parked');
    gate.open();
    expect((await system.ended(app, headers.id)).status).toBe('SUCCESS');
    expect(runs).toBe(1);
    expect(worker.info().counts.duplicates).toBe(1);
    await worker.stop();
    expect(await (await app.broker()).size(system.queue)).toBe(0);
  },

  'a redelivered task that succeeded is not run again': async (system) => {
    const app = system.app();
    let runs = 0;
    defineTask(app, 'work', () => {
      runs += 1;
      return runs;
    });
    defineTask(app, 'noop', () => 'done');
    // The first worker dies between the row and the acknowledgement.
    const [dying] = [system.app()];
    defineTask(dying, 'work', async () => {
      const backend = await dying.backend();
      await backend?.store({ taskId: headers.id, status: 'SUCCESS', result: 'first', traceback: null });
      setImmediate(() => void dying.broker().then((broker) => broker.close()));
      await new Promise(() => {});
    });
    const headers = { task: 'work', id: randomUUID() };
    await system.worker(dying);
    await system.publish(app, { headers });
    await system.ended(app, headers.id);
    const worker = await system.worker(app);
    await patiently(parked(worker), 'the message comes again');
    const probe = await system.call(app, 'noop');
    await system.ended(app, probe);
    expect(runs).toBe(0);
    expect((await system.meta(app, headers.id)).result).toBe('first');
    expect(worker.info().counts.outcomes.repeated).toBe(1);
  },
};

/** Resolves when the worker has seen a copy. */
async function parked(worker: { info(): { counts: { duplicates: number } } }): Promise<void> {
  while (worker.info().counts.duplicates === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
