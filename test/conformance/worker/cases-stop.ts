import { expect } from 'vitest';
import type { CaseTable } from './case-table.js';

const FIRST = { hostname: 'first@%h' };

/** The end of a worker. */
export const stopCases: CaseTable = {
  'hands back what has not begun at once, and waits for what has': async (system) => {
    const [first, second] = [system.app(), system.app()];
    const gate = system.gate('first');
    const worker = await system.worker(first, { ...FIRST, concurrency: 1, prefetchMultiplier: 10 });
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) ids.push(await system.call(second, 'work', [n]));
    await gate.reached;
    const stopping = worker.stop({ deadlineMs: 30_000 });
    await system.worker(second, { hostname: 'second@%h' });
    for (const id of ids.slice(1)) {
      expect((await system.ended(second, id)).result).toMatch(/^second/);
    }
    expect(worker.state).toBe('stopping');
    gate.open();
    await stopping;
    expect((await system.ended(second, ids[0] ?? '')).result).toBe('first 0');
  },

  'at the deadline aborts what runs and gives its message back': async (system) => {
    const [first, second] = [system.app(), system.app()];
    const gate = system.gate('first');
    const worker = await system.worker(first, FIRST);
    const ids = [await system.call(second, 'heedful'), await system.call(second, 'work')];
    await gate.reached;
    await worker.stop({ deadlineMs: 100 });
    expect(worker.info().counts.outcomes).toMatchObject({ returned: 2, failure: 0 });
    await system.worker(second, { hostname: 'second@%h' });
    for (const id of ids)
      expect(await system.ended(second, id)).toMatchObject({ status: 'SUCCESS', result: 'second' });
    gate.open();
  },

  'a second stop shortens the wait of the first': async (system) => {
    const app = system.app();
    const gate = system.gate('first');
    const worker = await system.worker(app, FIRST);
    await system.call(app, 'work');
    await gate.reached;
    const first = worker.stop({ deadlineMs: 600_000 });
    await Promise.all([first, worker.stop({ deadlineMs: 0 })]);
    expect(worker.state).toBe('stopped');
  },
};
