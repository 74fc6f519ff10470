import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportTasks, listTasks, seedTasks, typeDetail, typeViews } from '../../../../src/platform/index.js';
import { countEnded } from '../../../../src/platform/monitoring/task-rates.js';
import {
  taskListQuery,
  typeDetail as typeDetailShape,
  typeView,
} from '../../../../src/platform/views/index.js';
import { execute } from '../../../support/postgres.js';
import { FORM_NAMES, tables } from './tables.js';

const UNTIL = new Date('2026-03-01T12:00:00Z');
const TASKS = 1200;

describe.each(FORM_NAMES)('%s, seeded', async (form) => {
  const { url, database } = await tables(form);
  const client = new pg.Client({ connectionString: url });
  const seed = () => seedTasks(client, { tasks: TASKS, seed: 7, until: UNTIL, days: 1 });
  const rows = async () =>
    (
      await execute(
        url,
        'SELECT task_id, type, root_id, parent_id, created_date, status FROM tasks_backgroundtask LEFT JOIN celery_taskmeta USING (task_id) ORDER BY task_id',
      )
    ).rows;

  beforeAll(async () => {
    await client.connect();
    await seed();
  });
  afterAll(() => client.end());

  test('makes the same tasks again, with every relative there', async () => {
    const before = await rows();
    expect(before).toHaveLength(TASKS);
    await seed();
    expect(await rows()).toEqual(before);
    const ids = new Set(before.map(({ task_id }) => task_id));
    expect(
      before.every(
        ({ root_id, parent_id }) => ids.has(root_id) && (parent_id === null || ids.has(parent_id)),
      ),
    ).toBe(true);
  });

  test('exports every task once', async () => {
    const seen = new Set<string>();
    for await (const { id } of exportTasks(database, {}, { now: UNTIL })) seen.add(id);
    expect(seen.size).toBe(TASKS);
  });

  test('is refused where others have put tasks', async () => {
    await execute(
      url,
      `INSERT INTO tasks_backgroundtask (id, task_id, type, created_date, last_updated, input, options, root_id) VALUES ('x', 'x', 't', now(), now(), '{}', '{}', 'x')`,
    );
    await expect(seed()).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await seedTasks(client, { tasks: 50, seed: 8, until: UNTIL, force: true });
    expect((await rows()).length).toBe(TASKS + 51);
  });

  test.skipIf(form === "the platform's own tables")(
    'tells times and failures by name (no figures are kept there)',
    async () => {
      const now = UNTIL.getTime();
      await countEnded(database, { from: now / 1000 - 86_400, to: now / 1000, step: 300 });
      const types = await typeViews(database, '24h', now);
      expect(types.map((type) => typeView.parse(type))).toEqual(types);
      const { total, failed } = types.reduce((a, b) => ({
        ...a,
        total: a.total + b.total,
        failed: a.failed + b.failed,
      }));
      const { items } = await listTasks(database, taskListQuery.parse({ state: 'FAILURE', limit: '500' }));
      expect(failed).toBeGreaterThan(0);
      expect(failed).toBeLessThanOrEqual(items.length);
      expect(total).toBeGreaterThan(failed);
      const page = await typeDetail(database, 'export.page', '24h', now);
      expect(typeDetailShape.parse(page)).toEqual(page);
      expect(page?.slowest.length).toBe(10);
      expect(page?.run).not.toBeNull();
      expect(await typeDetail(database, 'nobody', '24h', now)).toBeUndefined();
    },
  );
});
