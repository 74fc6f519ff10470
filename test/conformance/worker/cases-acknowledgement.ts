import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { CaseTable } from './case-table.js';
import { patiently } from './patiently.js';

/** When messages leave their queues, and what happens when they come again. */
export const acknowledgementCases: CaseTable = {
  'a late acknowledged task whose worker is gone runs on another': async (system) => {
    const [first, second] = [system.app(), system.app()];
    const gate = system.gate('first');
    await system.worker(first, FIRST);
    const id = await system.call(second, 'work');
    await gate.reached;
    await first.close();
    await system.worker(second, SECOND);
    expect(await system.ended(second, id)).toMatchObject({ status: 'SUCCESS', result: 'second' });
    gate.open();
  },

  'the result of a run that lost its message is not stored': async (system) => {
    const [first, second] = [system.app(), system.app()];
    const gate = system.gate('first');
    const worker = await system.worker(first, FIRST);
    const id = await system.call(second, 'work');
    await gate.reached;
    await (await first.broker()).close();
    await system.worker(second, SECOND);
    expect(await system.ended(second, id)).toMatchObject({ result: 'second' });
    expect(await system.noted('aborted')).toEqual(['LEASE_LOST']);
    gate.open();
    await worker.stop({ deadlineMs: 5_000 });
    expect(worker.info().counts).toMatchObject({ lost: 1, outcomes: { success: 0, returned: 1 } });
    expect((await system.meta(second, id)).result).toBe('second');
  },

  'an early acknowledged task is not run again': async (system) => {
    const [first, second] = [system.app({ task_acks_late: false }), system.app()];
    const gate = system.gate('first');
    await system.worker(first, FIRST);
    const id = await system.call(second, 'work');
    await gate.reached;
    await (await first.broker()).close();
    await system.worker(second, SECOND);
    const probe = await system.call(second, 'noop');
    expect((await system.ended(second, probe)).status).toBe('SUCCESS');
    expect((await system.meta(second, id)).status).toBe('PENDING');
    gate.open();
    expect(await system.ended(second, id)).toMatchObject({ status: 'SUCCESS', result: 'first' });
  },

  'a copy of a running task shares its run': async (system) => {
    const app = system.app();
    const gate = system.gate('first');
    const worker = await system.worker(app, FIRST);
    const headers = { task: 'work', id: randomUUID() };
    await system.publish(app, { headers });
    await gate.reached;
    await system.publish(app, { headers });
    await patiently(parked(worker), 'the copy is parked');
    gate.open();
    expect((await system.ended(app, headers.id)).status).toBe('SUCCESS');
    expect(system.notes('work')).toHaveLength(1);
    expect(worker.info().counts.duplicates).toBe(1);
    await worker.stop();
    expect(await (await app.broker()).size(system.queue)).toBe(0);
  },

  'a redelivered task that succeeded is not run again': async (system) => {
    const [dying, app] = [system.app(), system.app()];
    const gate = system.gate('first');
    const headers = { task: 'work', id: randomUUID() };
    await system.worker(dying, FIRST);
    await system.publish(app, { headers });
    await gate.reached;
    // The first worker dies between the row and the acknowledgement.
    const backend = await dying.backend();
    await backend?.store({ taskId: headers.id, status: 'SUCCESS', result: 'stored', traceback: null });
    await (await dying.broker()).close();
    const worker = await system.worker(app, SECOND);
    await patiently(parked(worker), 'the message comes again');
    const probe = await system.call(app, 'noop');
    await system.ended(app, probe);
    expect(system.notes('work')).toEqual(['first']);
    expect((await system.meta(app, headers.id)).result).toBe('stored');
    expect(worker.info().counts.outcomes.repeated).toBe(1);
    gate.open();
  },
};

const FIRST = { hostname: 'first@%h' };
const SECOND = { hostname: 'second@%h' };

/** Resolves when the worker has seen a copy. */
async function parked(worker: { info(): { counts: { duplicates: number } } }): Promise<void> {
  while (worker.info().counts.duplicates === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
