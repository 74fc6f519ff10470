import { beforeAll, expect, it } from 'vitest';
import {
  createReconciler,
  createRelay,
  type Gaps,
  listTasks,
  type Reconciler,
} from '../../../src/platform/index.js';
import { taskListQuery } from '../../../src/platform/views/index.js';
import { everywhere } from './support/everywhere.js';
import { until } from './support/steered-system.js';

everywhere('gaps between records and queues', (system) => {
  let found: Gaps | undefined;
  let reconciler: Reconciler | undefined;

  beforeAll(async () => {
    await system().sync();
    await system().worker({ queues: ['work'] });
  });

  /** Sends one of the two copies of a task's message. */
  const copy = async (queue: string, id: string, more: Record<string, unknown> = {}): Promise<void> => {
    const { app } = system();
    const broker = await app.broker();
    await broker.declare(app.queues);
    const { message } = await app.encode({
      task: 'work.add',
      args: [1, 2],
      kwargs: {},
      options: { task_id: id, ...more },
    });
    await broker.publish(message, { exchange: '', routingKey: queue });
  };
  const reconcile = async (republish: boolean): Promise<void> => {
    const app = system().celery();
    const made = await createReconciler(app, {
      database: system().url,
      lostAfter: 1,
      gapInterval: 0.3,
      interval: 0.5,
      republish,
      onGaps: (gaps) => {
        found = gaps;
      },
    });
    system().onClose(() => app.close());
    system().onClose(() => made.stop());
    await made.start();
    reconciler = made;
  };

  it('marks what was recorded and is nowhere, records what was run unrecorded, tells of orphans and of queues without workers', async () => {
    await copy('platform.fifo', 'lost');
    await copy('work', 'unrecorded');
    await copy('platform.fifo', 'child', { root_id: 'nobody', parent_id: 'nobody' });
    await copy('work', 'child');
    await copy('other', 'unconsumed');
    await system().ended('unrecorded');
    await reconcile(false);
    await until(
      async () => (await system().rows("SELECT 1 FROM workertoolbox.task_mark WHERE task_id = 'lost'"))[0],
      'the mark',
    );
    const [row] = await until(async () => {
      const rows = await system().rows(
        "SELECT type, options FROM tasks_backgroundtask WHERE task_id = 'unrecorded'",
      );
      return rows.length > 0 ? rows : undefined;
    }, 'the row');
    expect(row).toEqual({ type: 'unknown', options: { untracked: true } });
    const gaps = await until(
      () =>
        found && found.lost.length > 0 && found.orphans.length > 0 && found.unconsumed.length > 0
          ? found
          : undefined,
      'the report',
    );
    expect(gaps.lost).toEqual([{ id: 'lost', type: 'work.add', sentAgain: false }]);
    expect(gaps.orphans).toEqual([{ id: 'child', type: 'work.add', parent: 'nobody', root: 'nobody' }]);
    expect(gaps.unconsumed).toEqual([{ queue: 'other', waiting: 1 }]);
    const { items } = await listTasks(system().database, taskListQuery.parse({ state: 'lost' }));
    expect(items).toMatchObject([{ id: 'lost', phase: 'lost' }]);
  });

  it('sends what is lost again, once, when asked to', async () => {
    await reconciler?.stop();
    await reconcile(true);
    const app = system().celery();
    const relay = createRelay(app, { database: system().url });
    system().onClose(() => app.close());
    system().onClose(() => relay.stop());
    await relay.start();
    await system().ended('lost');
    await until(
      async () =>
        (
          await system().rows(
            "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM workertoolbox.task_mark WHERE task_id = 'lost')",
          )
        )[0],
      'the mark to go',
    );
    expect(system().runs.get('lost')).toBe(1);
  });
});
