import { beforeAll, expect, it } from 'vitest';
import { deferred } from '../../../src/base/index.js';
import { listAudit, obeyPlatform } from '../../../src/platform/index.js';
import { execute, uniqueName } from '../../support/postgres.js';
import { everywhere } from './support/everywhere.js';
import { ADMIN, OPERATOR, until } from './support/steered-system.js';

everywhere('actions', (system, broker) => {
  beforeAll(async () => {
    await system().sync();
    const extensions = [obeyPlatform({ database: system().database, interval: 0.5 })];
    await system().worker({ extensions, hostname: `first@${broker}` });
  });

  const send = async (task: string, options: Record<string, unknown> = {}): Promise<string> =>
    (await system().app.send({ task, args: [], kwargs: {}, options })).id;
  const tracked = (id: string) =>
    until(
      async () => (await system().rows('SELECT * FROM tasks_backgroundtask WHERE task_id = $1', id))[0],
      'the row',
    );
  const kept = (id: string) =>
    until(
      async () => (await system().rows('SELECT 1 FROM workertoolbox.task_message WHERE task_id = $1', id))[0],
      'the message',
    );

  it('retries a failed task under its id, once for a click that is repeated', async () => {
    system().failing = true;
    const id = await send('work.fail');
    await system().ended(id, 'FAILURE');
    await kept(id);
    system().failing = false;
    const who = { ...OPERATOR, key: 'retry' };
    const [one, two] = await Promise.all([
      system().actions.perform('task.retry', [id], { mode: 'same' }, who),
      system().actions.perform('task.retry', [id], { mode: 'same' }, who),
    ]);
    expect(two).toEqual(one);
    expect(one.items[0]).toMatchObject({
      outcome: 'done',
      message: expect.stringContaining('not marked idempotent'),
    });
    await system().ended(id);
    expect(system().runs.get(id)).toBe(2);
    await expect(system().actions.perform('task.revoke', [id], {}, who)).rejects.toMatchObject({
      code: 'ACTION_REFUSED',
    });
    const { items } = await listAudit(system().database, { action: 'task.retry' });
    expect(items.filter(({ target }) => target === id)).toMatchObject([
      { user: 'ann', role: 'operator', outcome: 'done' },
    ]);
  });

  it('retries under a new id, linked to the old, with other arguments that fit', async () => {
    const id = await send('work.add', { queue: undefined });
    await system().ended(id, 'FAILURE');
    await kept(id);
    const misfit = await system().actions.perform(
      'task.retry',
      [id],
      { mode: 'new', args: [1, 2, 3] },
      OPERATOR,
    );
    expect(misfit.items[0]).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('positional'),
    });
    const report = await system().actions.perform(
      'task.retry',
      [id],
      { mode: 'new', args: [40, 2] },
      OPERATOR,
    );
    const newId = report.items[0]?.newId ?? '';
    expect(await system().app.asyncResult(newId).get({ timeout: 15 })).toBe(42);
    expect(await tracked(newId)).toMatchObject({ options: { retried_from: id }, input: { args: [40, 2] } });
    expect(await system().status(id)).toBe('FAILURE');
  });

  it('refuses to retry what waits, what runs, and what nobody knows', async () => {
    const id = await send('work.hold', { task_id: `held-${broker}` });
    system().held.set(id, deferred());
    await tracked(id);
    const unknown = await system().actions.perform('task.retry', ['nobody'], {}, OPERATOR);
    expect(unknown.items[0]).toMatchObject({
      outcome: 'refused',
      message: 'no task of that id was recorded',
    });
  });

  it('refuses to retry a task that a worker runs, and terminates it', async () => {
    const id = `runs-${broker}`;
    system().held.set(id, deferred());
    await send('work.hold', { task_id: id });
    await system().ended(id, 'STARTED');
    await tracked(id);
    const retry = await system().actions.perform('task.retry', [id], {}, OPERATOR);
    expect(retry.items[0]).toMatchObject({
      outcome: 'refused',
      message: `worker first@${broker} has it in its hands`,
    });
    await expect(
      system().actions.perform('task.terminate', [id], { confirm: id }, OPERATOR),
    ).rejects.toMatchObject({
      code: 'ACTION_REFUSED',
    });
    const wrong = await system().actions.perform('task.terminate', [id], { confirm: 'other' }, ADMIN);
    expect(wrong.items[0]?.outcome).toBe('refused');
    const report = await system().actions.perform('task.terminate', [id], { confirm: id }, ADMIN);
    expect(report.items[0]).toMatchObject({
      outcome: 'done',
      message: expect.stringContaining('ended: REVOKED'),
    });
  });

  it('pauses a queue for the workers that are there and those that come, and resumes it', async () => {
    const paused = await system().actions.perform('queue.pause', ['other'], {}, OPERATOR);
    expect(paused.items[0]).toMatchObject({
      outcome: 'done',
      message: expect.stringContaining(`first@${broker}`),
    });
    const extensions = [obeyPlatform({ database: system().database, interval: 0.5 })];
    const second = await system().worker({ extensions, hostname: `second@${broker}`, queues: ['other'] });
    expect(second.queues).toEqual([]);
    const id = await send('work.add', { queue: 'other', countdown: 0 });
    await tracked(id).catch(() => undefined);
    const revoked = await system().actions.perform('task.revoke', [id], {}, OPERATOR);
    expect(revoked.items[0]?.outcome).toBe('done');
    const goes = await system().actions.perform('queue.resume', ['other'], {}, OPERATOR);
    expect(goes.items[0]?.outcome).toBe('done');
    await until(() => second.queues.length === 1, 'the second worker to consume');
    await system().ended(id, 'REVOKED');
    expect(system().runs.get(id)).toBeUndefined();
    await second.stop();
  });

  it('revokes by the table alone', async () => {
    await system().actions.perform('queue.pause', ['other'], {}, OPERATOR);
    const id = await send('work.add', { queue: 'other', task_id: `flag-${broker}` });
    await system().rows('INSERT INTO workertoolbox.revoked_task (task_id, terminate) VALUES ($1, false)', id);
    await until(
      async () => (await system().status(id)) === 'REVOKED',
      'a worker to have seen the flag',
      5000,
    );
    await system().actions.perform('queue.resume', ['other'], {}, OPERATOR);
    await until(
      async () => (await (await system().app.broker()).size('other')) === 0,
      'the message to be taken',
    );
    expect(system().runs.get(id)).toBeUndefined();
  });

  it('purges a queue when its name is typed, and never the platform queue', async () => {
    const platform = await system().actions.perform(
      'queue.purge',
      ['platform.fifo'],
      { confirm: 'platform.fifo' },
      ADMIN,
    );
    expect(platform.items[0]?.outcome).toBe('refused');
    const other = await system().actions.perform('queue.purge', ['work'], { confirm: 'wrong' }, ADMIN);
    expect(other.items[0]?.outcome).toBe('refused');
  });

  it('steers workers, and tells who did not answer', async () => {
    const name = `first@${broker}`;
    const grown = await system().actions.perform('worker.pool', [name, 'nobody@x'], { grow: 1 }, ADMIN);
    expect(grown.items.map(({ outcome }) => outcome)).toEqual(['done', 'failed']);
    const limit = await system().actions.perform(
      'worker.rate-limit',
      [name],
      { task: 'work.add', rate: '100/s' },
      OPERATOR,
    );
    expect(limit.items[0]?.outcome).toBe('done');
  });

  it('keeps the audit from everybody', async () => {
    const viewer = uniqueName('viewer');
    await execute(
      system().url,
      `CREATE ROLE ${viewer}`,
      `GRANT USAGE ON SCHEMA workertoolbox TO ${viewer}; GRANT SELECT ON workertoolbox.audit TO ${viewer}`,
    );
    const write =
      "INSERT INTO workertoolbox.audit (key, username, role, action, target, count, detail) VALUES ('k','u','r','a','t',1,'{}')";
    await expect(execute(system().url, `SET ROLE ${viewer}`, write)).rejects.toThrow('permission denied');
    for (const change of [
      "UPDATE workertoolbox.audit SET username = 'x'",
      'DELETE FROM workertoolbox.audit',
      'TRUNCATE workertoolbox.audit',
    ]) {
      await expect(execute(system().url, change)).rejects.toThrow('append-only');
    }
    await execute(system().url, `DROP OWNED BY ${viewer}`, `DROP ROLE ${viewer}`);
  });
});
