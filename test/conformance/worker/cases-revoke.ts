import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { CaseTable } from './case-table.js';

const stamped = (value: string): Readonly<Record<string, unknown>> => ({
  stamped_headers: ['batch'],
  batch: value,
});

/** Tasks that are not to be run after all. */
export const revokeCases: CaseTable = {
  'discards revoked tasks, and ends a running one when told to': async (system) => {
    const app = system.app();
    const gate = system.gate('first');
    const worker = await system.worker(app, { concurrency: 1, hostname: 'first@%h' });
    const blocking = await system.call(app, 'work');
    await gate.reached;
    const waiting = await system.call(app, 'noop', [], { countdown: 4 });
    const queued = await system.call(app, 'noop');
    expect(await worker.revoke([waiting, queued])).toEqual([]);
    expect(await worker.revoke([blocking], { terminate: true })).toMatchObject([{ id: blocking }]);
    expect(await system.ended(app, blocking)).toMatchObject({
      status: 'REVOKED',
      result: { exc_message: ['terminated'] },
    });
    for (const id of [waiting, queued]) {
      expect(await system.ended(app, id)).toMatchObject({
        status: 'REVOKED',
        result: { exc_message: ['revoked'] },
      });
    }
    expect(worker.info().revoked).toEqual([waiting, queued, blocking]);
  },

  'discards stamped tasks, and ends those that run when told to': async (system) => {
    const app = system.app();
    const gate = system.gate('first');
    const worker = await system.worker(app, { hostname: 'first@%h' });
    const running = await system.call(app, 'work', [], stamped('a'));
    await gate.reached;
    const ended = await worker.revokeByStampedHeaders({ batch: ['a', 'b'] }, { terminate: true });
    expect(ended.map(({ id }) => id)).toEqual([running]);
    expect((await system.ended(app, running)).result).toMatchObject({ exc_message: ['terminated'] });
    const later = await system.call(app, 'noop', [], stamped('b'));
    const other = await system.call(app, 'noop', [], stamped('c'));
    expect(await system.ended(app, later)).toMatchObject({
      status: 'REVOKED',
      result: { exc_message: ['revoked'] },
    });
    expect((await system.ended(app, other)).status).toBe('SUCCESS');
  },

  'discards a whole family': async (system) => {
    const app = system.app();
    const gate = system.gate('parent');
    const worker = await system.worker(app);
    const root = await system.call(app, 'parent');
    await gate.reached;
    await worker.revokeFamily([root]);
    gate.open();
    const parent = await system.ended(app, root);
    expect(parent.status).toBe('SUCCESS');
    expect((await system.ended(app, parent.result as string)).status).toBe('REVOKED');
  },

  'keeps to what was revoked when it comes again, where it has a state file': async (system) => {
    const app = system.app();
    const folder = mkdtempSync(join(tmpdir(), 'statedb-'));
    const stateFile = join(folder, '%n.state');
    try {
      const first = await system.worker(app, { stateFile, hostname: 'w1@here' });
      const id = randomUUID();
      await first.revoke([id]);
      await expect(system.worker(app, { stateFile, hostname: 'w1@here' })).rejects.toThrow(
        /w1\.state cannot be used/,
      );
      await first.stop();
      const second = await system.worker(app, { stateFile, hostname: 'w1@here' });
      const revoked = system.signal(app, 'task_revoked');
      await system.publish(app, { headers: { task: 'noop', id } });
      await revoked;
      expect(second.info().revoked).toEqual([id]);
      await second.stop();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },

  'marks revoked tasks at once, but none that has begun or ended': async (system) => {
    const [app, other] = [system.app(), system.app({ task_default_queue: `${system.queue}-other` })];
    const worker = await system.worker(app);
    const done = await system.call(app, 'noop');
    await system.ended(app, done);
    const [unknown, begun] = [randomUUID(), randomUUID()];
    const backend = await other.backend();
    await backend?.store({ taskId: begun, status: 'STARTED', result: {}, traceback: null });
    await worker.revoke([done, unknown, begun]);
    expect(await system.meta(app, unknown)).toMatchObject({
      status: 'REVOKED',
      result: { exc_type: 'TaskRevokedError', exc_message: ['revoked'] },
    });
    expect((await system.meta(app, done)).status).toBe('SUCCESS');
    expect((await system.meta(app, begun)).status).toBe('STARTED');
  },
};
