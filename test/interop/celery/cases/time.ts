import { expect, it } from 'vitest';
import { statesOf } from '../support/database.js';
import { type About, type Flow, failed, sendTask, showsFailure, succeeded } from './flow.js';

export function timeCases(flow: Flow): void {
  const { at, system } = flow;

  it('retries, tells RETRY meanwhile, and succeeds', async () => {
    const id = await sendTask(
      flow,
      { task: `${at}.flaky`, args: [2, 1, 'KeyError'] },
      { creator_id: 7, headers: { x_trace: 'here' } },
    );
    expect(await succeeded<About>(flow, id)).toMatchObject({
      id,
      root: id,
      retries: 2,
      // Celery's rule: a task without parent is its own parent once it is retried.
      parent: id,
      // What a caller added stays with the call; older Pythons drop it.
      header: flow.older && at === 'py' ? null : 'here',
      ...(at === 'ts' && { custom: flow.anyProperty ? { creator_id: 7 } : {} }),
    });
    const states = await statesOf(system().database, id);
    // A run that ends at once may not be seen to start.
    expect(states.filter((state) => state !== 'STARTED')).toEqual(['RETRY', 'RETRY', 'SUCCESS']);
    const waiting = await system().stored(`retry:${id}`);
    showsFailure(waiting, 'RETRY', { type: 'KeyError', args: ['attempt', 2] });
    expect(waiting.python.traceback).toContain('Traceback');
  });

  it('gives up after its retries with its own error', async () => {
    const id = await sendTask(flow, { task: `${at}.flaky`, args: [99, 1] });
    await failed(flow, id, { type: 'ValueError', args: ['attempt', 4] });
    const states = await statesOf(system().database, id);
    expect(states.filter((state) => state === 'RETRY')).toHaveLength(3);
  });

  it('waits for a countdown and for an eta', async () => {
    const eta = new Date(Date.now() + 1500);
    const [later, then] = await Promise.all([
      sendTask(flow, { task: `${at}.about` }, { countdown: 1.25 }),
      sendTask(flow, { task: `${at}.about` }, { eta: eta.toISOString().replace('Z', '+00:00') }),
    ]);
    for (const id of [later, then]) {
      const { time, eta: told } = await succeeded<About>(flow, id);
      expect(Number.isNaN(Date.parse(told ?? ''))).toBe(false);
      expect(time * 1000).toBeGreaterThanOrEqual(Date.parse(told ?? ''));
    }
  });

  it('revokes what has expired', async () => {
    const id = await sendTask(flow, { task: `${at}.add`, args: [1, 2] }, { expires: 2, countdown: 3 });
    const seen = await system().ended(id);
    showsFailure(seen, 'REVOKED', {
      type: 'TaskRevokedError',
      module: 'celery.exceptions',
      args: ['expired'],
    });
    expect(seen.meta.traceback).toBeNull();
    expect(await statesOf(system().database, id)).toEqual(['REVOKED']);
    await expect(system().producer.asyncResult(id).get()).rejects.toMatchObject({ code: 'TASK_REVOKED' });
  });
}
