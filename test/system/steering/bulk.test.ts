import { beforeAll, expect, it } from 'vitest';
import { Actions, listAudit } from '../../../src/platform/index.js';
import { everywhere } from './support/everywhere.js';
import { OPERATOR, until } from './support/steered-system.js';

const COUNT = 60;

everywhere('work on many', (system) => {
  const ids = Array.from({ length: COUNT }, (_, n) => `many-${n}`);
  const request = {
    action: 'task.retry' as const,
    filter: { type: 'work.fail', state: ['failed'] },
    confirmed: COUNT,
    perSecond: 1000,
  };

  beforeAll(async () => {
    await system().sync();
    await system().worker();
    system().failing = true;
    for (const task_id of ids)
      await system().app.send({ task: 'work.fail', args: [], kwargs: {}, options: { task_id } });
    for (const id of ids) await system().ended(id, 'FAILURE');
    await until(
      async () =>
        (await system().rows('SELECT 1 FROM workertoolbox.task_message WHERE task_id LIKE $1', 'many-%'))
          .length === COUNT,
      'all to be recorded',
    );
  }, 120_000);

  it('is refused for more than was confirmed', async () => {
    await expect(system().actions.startBulk({ ...request, confirmed: 10 }, OPERATOR)).rejects.toMatchObject({
      code: 'ACTION_REFUSED',
      fields: { count: COUNT },
    });
  });

  it('stops within a second, goes on with another program, and sends each task once', async () => {
    const who = { ...OPERATOR, key: 'many' };
    system().failing = false;
    const first = new Actions({ app: system().app, database: system().database });
    const begun = await first.startBulk({ ...request, perSecond: 40 }, who);
    expect(begun).toMatchObject({ state: 'running', total: COUNT });
    expect((await first.startBulk(request, who)).id).toBe(begun.id);
    await until(async () => ((await first.bulkView(begun.id))?.done ?? 0) > 0, 'the first to be done');
    await first.close();
    const view = await until(
      async () => {
        const seen = await system().actions.bulkView(begun.id);
        return seen?.state === 'ended' ? seen : undefined;
      },
      'the work to end',
      60_000,
    );
    expect(view).toMatchObject({ total: COUNT, done: COUNT, refused: 0, failed: 0, problems: [] });
    await Promise.all(ids.map((id) => system().ended(id)));
    expect(ids.map((id) => system().runs.get(id))).toEqual(ids.map(() => 2));
    const { items } = await listAudit(system().database, { action: 'task.retry' });
    expect(items).toMatchObject([{ outcome: 'ended', count: COUNT, detail: { items: { done: COUNT } } }]);

    const slow = await system().actions.startBulk(
      { ...request, filter: { type: 'work.fail' }, perSecond: 1 },
      OPERATOR,
    );
    const from = Date.now();
    const stopped = await system().actions.stopBulk(slow.id, OPERATOR);
    expect(stopped.state).toBe('stopped');
    expect(stopped.done).toBeLessThan(COUNT);
    expect(Date.now() - from).toBeLessThan(5000);
  }, 120_000);
});
