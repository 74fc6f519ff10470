import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { defineTask } from '../../../src/app/index.js';
import { Ignore } from '../../../src/worker/index.js';
import type { CaseTable } from './case-table.js';
import { Gate } from './system.js';

/** Names that no other case's locks and lines have. */
const named = (name: string): string => `${name}.${randomUUID().slice(0, 8)}`;

/** Unique tasks, and rate limits over all workers. */
export const sharingCases: CaseTable = {
  'a second call of a unique task is the first until that has ended': async (system) => {
    const [app, other] = [system.app(), system.app()];
    const gate = new Gate();
    const seen: number[] = [];
    const name = named('unique');
    const body = async (n: number): Promise<number> => {
      seen.push(n);
      await gate.wait();
      return n;
    };
    const task = defineTask(app, name, { unique: true }, body);
    const same = defineTask(other, name, { unique: true }, body);
    const first = await task.delay(1);
    expect((await same.delay(1)).id).toBe(first.id);
    expect((await task.applyAsync({ kwargs: { n: 1 } })).id).toBe(first.id);
    const different = await same.delay(2);
    expect(different.id).not.toBe(first.id);
    await system.worker(app);
    await gate.reached;
    expect((await same.delay(1)).id).toBe(first.id);
    gate.open();
    for (const { id } of [first, different]) expect((await system.ended(app, id)).status).toBe('SUCCESS');
    const again = await same.delay(1);
    expect(again.id).not.toBe(first.id);
    await system.ended(app, again.id);
    expect(seen.sort()).toEqual([1, 1, 2]);
  },

  'a unique task may refuse the second call': async (system) => {
    const app = system.app();
    const unique = { key: () => 'one', onDuplicate: 'reject' } as const;
    const task = defineTask(app, named('refusing'), { unique }, (n: number) => n);
    const first = await task.delay(1);
    await expect(task.delay(2)).rejects.toMatchObject({
      code: 'DUPLICATE_CALL',
      fields: { first: first.id, key: 'one' },
    });
  },

  'what is unique only in the queue may be called again once it has begun': async (system) => {
    const app = system.app();
    const gate = new Gate();
    let runs = 0;
    const task = defineTask(app, named('queued'), { unique: { while: 'queued' } }, async () => {
      runs += 1;
      if (runs === 1) await gate.wait();
    });
    const first = await task.delay();
    expect((await task.delay()).id).toBe(first.id);
    await system.worker(app);
    await gate.reached;
    const second = await task.delay();
    expect(second.id).not.toBe(first.id);
    gate.open();
    for (const { id } of [first, second]) expect((await system.ended(app, id)).status).toBe('SUCCESS');
    expect(runs).toBe(2);
  },

  'of what is unique while it runs the next waits its turn, in whichever worker': async (system) => {
    const [app, other] = [system.app(), system.app()];
    const name = named('exclusive');
    const gate = new Gate();
    let [running, most] = [0, 0];
    const body = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await gate.wait();
      running -= 1;
    };
    for (const one of [app, other]) defineTask(one, name, { unique: { while: 'running' } }, body);
    await system.worker(app);
    await system.worker(other);
    const ids = [await system.call(app, name), await system.call(app, name)];
    await gate.reached;
    gate.open();
    for (const id of ids) expect((await system.ended(app, id)).status).toBe('SUCCESS');
    expect(most).toBe(1);
  },

  'discards a repetition that its sender did not keep back': async (system) => {
    const app = system.app();
    const gate = new Gate();
    const name = named('unique');
    let runs = 0;
    const task = defineTask(app, name, { unique: true }, async () => {
      runs += 1;
      await gate.wait();
    });
    await system.worker(app);
    const first = await task.delay();
    await gate.reached;
    // As Python's producers send it.
    const id = randomUUID();
    await system.publish(app, { headers: { task: name, id } });
    expect(await system.ended(app, id)).toMatchObject({
      status: 'REVOKED',
      result: { exc_type: 'TaskRevokedError', exc_message: [`duplicate of ${first.id}`] },
    });
    gate.open();
    expect((await system.ended(app, first.id)).status).toBe('SUCCESS');
    expect(runs).toBe(1);
  },

  'a unique task stays so through its retries, and is free after failure, expiry, revoke and Ignore': async (
    system,
  ) => {
    const app = system.app();
    const task = defineTask(
      app,
      named('ending'),
      { bind: true, unique: true, defaultRetryDelay: 1, maxRetries: 1 },
      (context, how: string) => {
        if (how === 'retry') context.retry({ error: new Error('again') });
        if (how === 'ignore') throw new Ignore();
        throw new Error(how);
      },
    );
    const retried = system.signal(app, 'task_retry');
    const ignored = system.signal(app, 'task_postrun', ({ state }) => state === 'IGNORED');
    const worker = await system.worker(app);
    const first = await task.delay('retry');
    await retried;
    expect((await task.delay('retry')).id).toBe(first.id);
    expect((await system.ended(app, first.id)).status).toBe('FAILURE');
    const second = await task.delay('retry');
    expect(second.id).not.toBe(first.id);
    const skipped = await task.delay('ignore');
    await ignored;
    await expect.poll(async () => (await task.delay('ignore')).id).not.toBe(skipped.id);
    const late = await task.applyAsync({ args: ['late'], countdown: 2, expires: 1 });
    expect((await task.delay('late')).id).toBe(late.id);
    expect((await system.ended(app, late.id)).status).toBe('REVOKED');
    expect((await task.delay('late')).id).not.toBe(late.id);
    const gone = await task.applyAsync({ args: ['gone'], countdown: 2 });
    await worker.revoke([gone.id], { store: false });
    expect((await system.ended(app, gone.id)).status).toBe('REVOKED');
    expect((await task.delay('gone')).id).not.toBe(gone.id);
  },

  'the lock of a call that was lost ends with its lease': async (system) => {
    const app = system.app();
    const task = defineTask(app, named('lost'), { unique: { leaseSeconds: 0.3 } }, () => 'done');
    const lost = await task.delay();
    expect((await task.delay()).id).toBe(lost.id);
    await expect.poll(async () => (await task.delay()).id, { timeout: 5_000 }).not.toBe(lost.id);
  },

  'a call that could not be sent leaves no lock': async (system) => {
    const app = system.app();
    const task = defineTask(app, named('unsent'), { unique: true }, () => 'done');
    await expect(task.applyAsync({ args: [], serializer: 'none' })).rejects.toThrow('none');
    await system.worker(app);
    expect((await system.ended(app, (await task.delay()).id)).status).toBe('SUCCESS');
  },

  'keeps to a rate limit over all workers': async (system) => {
    const [app, other] = [system.app(), system.app()];
    const name = named('rated');
    const starts: number[] = [];
    for (const one of [app, other])
      defineTask(one, name, { fleetRateLimit: '10/s' }, () => void starts.push(performance.now()));
    await system.worker(app);
    await system.worker(other);
    const ids = await Promise.all(Array.from({ length: 6 }, () => system.call(app, name)));
    for (const id of ids) await system.ended(app, id);
    const [first = 0] = starts;
    expect((starts.at(-1) ?? 0) - first).toBeGreaterThanOrEqual(470);
  },
};
