import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { CaseTable } from './case-table.js';

/** ETA, expiry, limits of time and rate. */
export const timeCases: CaseTable = {
  'runs a task at its time, not before': async (system) => {
    const app = system.app();
    await system.worker(app);
    const due = Date.now() + 1_500;
    const id = await system.call(app, 'when', [], { eta: new Date(due) });
    const at = (await system.ended(app, id)).result as number;
    expect(at).toBeGreaterThanOrEqual(due);
    expect(at).toBeLessThan(due + 3_000);
  },

  'waiting tasks do not keep others from running': async (system) => {
    const app = system.app();
    const worker = await system.worker(app, { concurrency: 1, prefetchMultiplier: 2 });
    const waiting = await Promise.all(
      Array.from({ length: 7 }, () => system.call(app, 'noop', [], { countdown: 4 })),
    );
    const id = await system.call(app, 'noop');
    expect((await system.ended(app, id)).status).toBe('SUCCESS');
    expect(worker.info().scheduled.length).toBeLessThanOrEqual(7);
    for (const one of waiting) expect((await system.ended(app, one)).status).toBe('SUCCESS');
  },

  'discards a task that has expired': async (system) => {
    const app = system.app();
    // Without the property `expiration`, by which some brokers drop the message themselves.
    const id = randomUUID();
    await system.publish(app, { headers: { task: 'late', id, expires: '2026-01-01T00:00:00+00:00' } });
    const revoked = system.signal(app, 'task_revoked');
    await system.worker(app);
    expect(await system.ended(app, id)).toMatchObject({
      status: 'REVOKED',
      result: { exc_type: 'TaskRevokedError', exc_message: ['expired'] },
      traceback: null,
    });
    expect(await revoked).toMatchObject({ id, expired: true, terminated: false });
    expect(system.notes('late')).toEqual([]);
  },

  'tells a task of its soft limit': async (system) => {
    const app = system.app();
    await system.worker(app);
    const patient = await system.call(app, 'patient');
    const dozing = await system.call(app, 'dozing', [], { soft_time_limit: 0.1 });
    expect(await system.ended(app, patient)).toMatchObject({ status: 'SUCCESS', result: true });
    expect(await system.ended(app, dozing)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'SoftTimeLimitExceeded', exc_message: [], exc_module: 'billiard.exceptions' },
    });
  },

  'gives up a task at its hard limit, and its slot is free': async (system) => {
    const app = system.app();
    await system.worker(app, { concurrency: 1 });
    const endless = await system.call(app, 'limited');
    const noop = await system.call(app, 'noop');
    expect(await system.ended(app, endless)).toMatchObject({
      status: 'FAILURE',
      result: { exc_type: 'TimeLimitExceeded', exc_message: [0.2], exc_module: 'billiard.exceptions' },
    });
    expect((await system.ended(app, noop)).status).toBe('SUCCESS');
  },

  'keeps to the rate limit of a task': async (system) => {
    const app = system.app();
    await system.worker(app);
    const ids = await Promise.all(Array.from({ length: 4 }, () => system.call(app, 'rated')));
    for (const id of ids) await system.ended(app, id);
    const starts = system.notes<number>('rated');
    const [first = 0] = starts;
    expect((starts.at(-1) ?? 0) - first).toBeGreaterThanOrEqual(285);
  },

  'keeps to time limits set at run time': async (system) => {
    const app = system.app();
    const worker = await system.worker(app);
    expect(worker.timeLimit('unknown', 1, null)).toBe(false);
    expect(worker.timeLimit('endless', 0.2, null)).toBe(true);
    const id = await system.call(app, 'endless');
    expect(await system.ended(app, id)).toMatchObject({
      result: { exc_type: 'TimeLimitExceeded', exc_message: [0.2] },
    });
  },
};
