import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { CaseTable } from './case-table.js';

/** A word that makes the calls of a case equal to each other, and to no other's. */
const word = (): string => randomUUID().slice(0, 8);

/** Unique tasks, and rate limits over all workers. */
export const sharingCases: CaseTable = {
  'a second call of a unique task is the first until that has ended': async (system) => {
    const [app, other] = [system.app(), system.app()];
    const gate = system.gate('unique');
    const mine = word();
    const [task, same] = [system.task(app, 'unique'), system.task(other, 'unique')];
    const first = await task.delay(mine, 1);
    expect((await same.delay(mine, 1)).id).toBe(first.id);
    expect((await task.applyAsync({ kwargs: { word: mine, n: 1 } })).id).toBe(first.id);
    const different = await same.delay(mine, 2);
    expect(different.id).not.toBe(first.id);
    await system.worker(app);
    await gate.reached;
    expect((await same.delay(mine, 1)).id).toBe(first.id);
    gate.open();
    for (const { id } of [first, different]) expect((await system.ended(app, id)).status).toBe('SUCCESS');
    const again = await same.delay(mine, 1);
    expect(again.id).not.toBe(first.id);
    await system.ended(app, again.id);
    expect([...system.notes<number>('unique')].sort()).toEqual([1, 1, 2]);
  },

  'a unique task may refuse the second call': async (system) => {
    const app = system.app();
    const key = word();
    const task = system.task(app, 'refusing');
    const first = await task.delay(key, 1);
    await expect(task.delay(key, 2)).rejects.toMatchObject({
      code: 'DUPLICATE_CALL',
      fields: { first: first.id, key },
    });
  },

  'what is unique only in the queue may be called again once it has begun': async (system) => {
    const app = system.app();
    const gate = system.gate('unique');
    const mine = word();
    const task = system.task(app, 'queued');
    const first = await task.delay(mine);
    expect((await task.delay(mine)).id).toBe(first.id);
    await system.worker(app);
    await gate.reached;
    const second = await task.delay(mine);
    expect(second.id).not.toBe(first.id);
    gate.open();
    for (const { id } of [first, second]) expect((await system.ended(app, id)).status).toBe('SUCCESS');
    expect(system.notes('unique')).toHaveLength(2);
  },

  'of what is unique while it runs the next waits its turn, in whichever worker': async (system) => {
    const [app, other] = [system.app(), system.app()];
    const gate = system.gate('exclusive');
    const mine = word();
    await system.worker(app);
    await system.worker(other);
    const ids = [await system.call(app, 'exclusive', [mine]), await system.call(app, 'exclusive', [mine])];
    await gate.reached;
    gate.open();
    for (const id of ids) expect((await system.ended(app, id)).status).toBe('SUCCESS');
    expect(system.notes('exclusive')).toEqual([1, -1, 1, -1]);
  },

  'discards a repetition that its sender did not keep back': async (system) => {
    const app = system.app();
    const gate = system.gate('unique');
    const mine = word();
    await system.worker(app);
    const first = await system.task(app, 'unique').delay(mine);
    await gate.reached;
    // As Python's producers send it.
    const id = randomUUID();
    const body = new TextEncoder().encode(JSON.stringify([[mine], {}, null]));
    await system.publish(app, { headers: { task: 'unique', id }, body });
    expect(await system.ended(app, id)).toMatchObject({
      status: 'REVOKED',
      result: { exc_type: 'TaskRevokedError', exc_message: [`duplicate of ${first.id}`] },
    });
    gate.open();
    expect((await system.ended(app, first.id)).status).toBe('SUCCESS');
    expect(system.notes('unique')).toHaveLength(1);
  },

  'a unique task stays so through its retries, and is free after failure, expiry, revoke and Ignore': async (
    system,
  ) => {
    const app = system.app();
    const mine = word();
    const task = system.task(app, 'ending');
    const retried = system.signal(app, 'task_retry');
    const ignored = system.signal(app, 'task_postrun', ({ state }) => state === 'IGNORED');
    const worker = await system.worker(app);
    const first = await task.delay(mine, 'retry');
    await retried;
    expect((await task.delay(mine, 'retry')).id).toBe(first.id);
    expect((await system.ended(app, first.id)).status).toBe('FAILURE');
    const second = await task.delay(mine, 'retry');
    expect(second.id).not.toBe(first.id);
    const skipped = await task.delay(mine, 'ignore');
    await ignored;
    await expect.poll(async () => (await task.delay(mine, 'ignore')).id).not.toBe(skipped.id);
    const late = await task.applyAsync({ args: [mine, 'late'], countdown: 2, expires: 1 });
    expect((await task.delay(mine, 'late')).id).toBe(late.id);
    expect((await system.ended(app, late.id)).status).toBe('REVOKED');
    expect((await task.delay(mine, 'late')).id).not.toBe(late.id);
    const gone = await task.applyAsync({ args: [mine, 'gone'], countdown: 2 });
    await worker.revoke([gone.id], { store: false });
    expect((await system.ended(app, gone.id)).status).toBe('REVOKED');
    expect((await task.delay(mine, 'gone')).id).not.toBe(gone.id);
  },

  'the lock of a call that was lost ends with its lease': async (system) => {
    const mine = word();
    const task = system.task(system.app(), 'leased');
    const lost = await task.delay(mine);
    expect((await task.delay(mine)).id).toBe(lost.id);
    await expect.poll(async () => (await task.delay(mine)).id, { timeout: 5_000 }).not.toBe(lost.id);
  },

  'a call that could not be sent leaves no lock': async (system) => {
    const app = system.app();
    const mine = word();
    const task = system.task(app, 'unique');
    await expect(task.applyAsync({ args: [mine], serializer: 'none' })).rejects.toThrow('none');
    await system.worker(app);
    expect((await system.ended(app, (await task.delay(mine)).id)).status).toBe('SUCCESS');
  },

  'keeps to a rate limit over all workers': async (system) => {
    const [app, other] = [system.app(), system.app()];
    await system.worker(app);
    await system.worker(other);
    const ids = await Promise.all(Array.from({ length: 6 }, () => system.call(app, 'fleet')));
    for (const id of ids) await system.ended(app, id);
    const starts = [...system.notes<number>('fleet')].sort((a, b) => a - b);
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(470);
  },
};
