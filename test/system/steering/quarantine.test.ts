import { beforeAll, expect, it } from 'vitest';
import { listAudit, listQuarantine, showQuarantine } from '../../../src/platform/index.js';
import { everywhere } from './support/everywhere.js';
import { OPERATOR, until } from './support/steered-system.js';

const BAD = {
  body: new TextEncoder().encode('{broken'),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  properties: {},
};

everywhere('quarantine', (system, name) => {
  beforeAll(async () => {
    await system().sync();
    await system().worker();
  });

  const bad = async (queue: string, id: string): Promise<string> => {
    const broker = await system().app.broker();
    await broker.declare(system().app.queues);
    const headers = { id, task: 'work.add', root_id: id, lang: 'py' };
    await broker.publish({ ...BAD, headers }, { exchange: '', routingKey: queue });
    return until(async () => {
      const { items } = await listQuarantine(system().database, { task: id });
      return items[0]?.id;
    }, `${id} in quarantine`);
  };

  it.each(['work', 'platform.fifo'])(
    'takes what nobody can read from queue %s, shows it, and sends it again once',
    async (queue) => {
      const taskId = `bad-${name}-${queue}`;
      const id = await bad(queue, taskId);
      expect(await showQuarantine(system().database, id)).toMatchObject({
        queue,
        code: 'decode',
        taskId,
        taskName: 'work.add',
        count: 1,
        body: { text: '{broken', hex: '7b62726f6b656e' },
        headers: { lang: 'py' },
      });
      const who = { ...OPERATOR, key: `click-${queue}` };
      const reports = await Promise.all([
        system().actions.perform('quarantine.replay', [id], {}, who),
        system().actions.perform('quarantine.replay', [id], {}, who),
        system().actions.perform('quarantine.replay', [id], {}, OPERATOR),
      ]);
      expect(reports[1]).toEqual(reports[0]);
      const outcomes = [reports[0], reports[2]].map((report) => report.items[0]?.outcome).sort();
      expect(outcomes).toEqual(['done', 'skipped']);
      const again = await until(async () => {
        const { items } = await listQuarantine(system().database, { task: taskId });
        return items[0];
      }, 'it to be back');
      expect(again).toMatchObject({ count: 1, queue });
      expect(Number(again.id)).toBeGreaterThan(Number(id));
      const { items } = await listAudit(system().database, { action: 'quarantine.replay' });
      expect(items.filter(({ target }) => target === id)).toHaveLength(2);
    },
  );

  it('sends an edited copy under a new id, which runs and is recorded', async () => {
    const id = await bad('work', `edit-${name}`);
    const report = await system().actions.perform(
      'quarantine.replay',
      [id],
      { edits: { args: [2, 3] } },
      OPERATOR,
    );
    const newId = report.items[0]?.newId ?? '';
    expect(report.items[0]).toMatchObject({ outcome: 'done' });
    await system().ended(newId);
    const [row] = await system().rows('SELECT input FROM tasks_backgroundtask WHERE task_id = $1', newId);
    expect(row).toEqual({ input: { args: [2, 3], kwargs: {} } });
  });

  it('discards with a note', async () => {
    const id = await bad('other', `discard-${name}`);
    await expect(system().actions.perform('quarantine.discard', [id], {}, OPERATOR)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    const report = await system().actions.perform('quarantine.discard', [id], { note: 'noise' }, OPERATOR);
    expect(report.items).toEqual([{ id, outcome: 'done', message: 'discarded: noise' }]);
    expect(await showQuarantine(system().database, id)).toBeUndefined();
  });

  it('counts a message that comes again instead of keeping it twice', async () => {
    const id = await bad('other', `twice-${name}`);
    await bad('other', `twice-${name}`);
    await until(
      async () => (await showQuarantine(system().database, id))?.count === 2,
      'the second to be counted',
    );
  });
});
