import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import {
  countTasks,
  familyView,
  grantSyncTasksSql,
  grantViewerSql,
  listTasks,
  migrationsSql,
  postgresDatabase,
  taskDetail,
} from '../../../src/platform/index.js';
import { recordTasks } from '../../../src/platform/tracking/record-tasks.js';
import { inspectTaskTable } from '../../../src/platform/tracking/task-table.js';
import { taskListQuery } from '../../../src/platform/views/index.js';
import { grantWorkerSql, resultSchemaSql } from '../../../src/results/postgres/index.js';
import { execute, freshDatabase, uniqueName } from '../../support/postgres.js';
import { record } from '../../support/recorded-tasks.js';

const url = await freshDatabase();
const name = new URL(url).pathname.slice(1);
const roles = { sync: uniqueName('sync'), retain: uniqueName('retain'), viewer: uniqueName('viewer') };
const as = (role: string): string => {
  const found = new URL(url);
  found.username = role;
  found.password = 'p';
  return found.href;
};

beforeAll(async () => {
  await execute(url, resultSchemaSql(), migrationsSql());
  await record(url, [{ id: 'a', created: new Date(), status: 'SUCCESS' }]);
  for (const role of Object.values(roles)) await execute(url, `CREATE ROLE ${role} LOGIN PASSWORD 'p'`);
  await execute(
    url,
    grantWorkerSql({ role: roles.sync, database: name }),
    grantSyncTasksSql({ role: roles.sync }),
    grantWorkerSql({ role: roles.retain, database: name }),
    grantSyncTasksSql({ role: roles.retain, retain: true }),
    grantViewerSql(roles.viewer, name),
  );
});
afterAll(async () => {
  for (const role of Object.values(roles)) await execute(url, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
});

const refused = { code: '42501' };

describe('the role of sync-tasks', () => {
  test('records tasks, and what keeps their states runs with other rights', async () => {
    const database = postgresDatabase({ url: as(roles.sync), logger: silentLogger });
    const task = {
      taskId: 'b',
      type: 'export.page',
      input: '{"args": [], "kwargs": {}}',
      options: '{}',
      rootId: 'a',
      parentId: 'a',
      creatorId: null,
      relatedContentTypeId: null,
      relatedObjectId: null,
      attempt: [0, 0] as const,
    };
    await recordTasks(database, await inspectTaskTable(database), [task]);
    expect((await familyView(database, 'b'))?.size).toBe(2);
    await database.close();
    const { rows } = await execute(url, "SELECT total FROM workertoolbox.family_state WHERE root_id = 'a'");
    expect(rows).toEqual([{ total: 2 }]);
  });

  test.each([
    'DELETE FROM tasks_backgroundtask',
    'DELETE FROM celery_taskmeta',
    'TRUNCATE tasks_backgroundtask',
    'UPDATE workertoolbox.task_state SET state = state',
    'SELECT * FROM workertoolbox.dashboard_accounts',
    'SELECT * FROM workertoolbox.audit',
    'ALTER TABLE tasks_backgroundtask DISABLE TRIGGER ALL',
    'SELECT workertoolbox.count_states(NULL, NULL)',
    'CREATE TABLE workertoolbox.mine (x int)',
  ])('may not: %s', async (statement) => {
    await expect(execute(as(roles.sync), statement)).rejects.toMatchObject(refused);
  });

  test('may remove where that was asked for', async () => {
    await execute(
      as(roles.retain),
      "DELETE FROM tasks_backgroundtask WHERE task_id = 'none'",
      "DELETE FROM celery_taskmeta WHERE task_id = 'none'",
    );
  });
});

describe('the role of a viewer', () => {
  test('sees every view of tasks', async () => {
    const database = postgresDatabase({ url: as(roles.viewer), logger: silentLogger });
    expect((await listTasks(database, taskListQuery.parse({}))).items.length).toBeGreaterThan(0);
    expect((await countTasks(database, {})).total.value).toBeGreaterThan(0);
    expect(await taskDetail(database, 'a')).toMatchObject({ state: 'SUCCESS' });
    expect(await familyView(database, 'a')).toBeDefined();
    await database.close();
  });

  test.each([
    "INSERT INTO celery_taskmeta (id, task_id, status) VALUES (1, 'x', 'SUCCESS')",
    'UPDATE tasks_backgroundtask SET type = type',
    'DELETE FROM workertoolbox.quarantine',
    'SELECT * FROM workertoolbox.dashboard_accounts',
    'SELECT * FROM workertoolbox.dashboard_key',
    'SELECT * FROM workertoolbox.task_message',
    'SELECT * FROM workertoolbox.outbox',
  ])('may not: %s', async (statement) => {
    await expect(
      execute(as(roles.viewer), 'SET default_transaction_read_only TO off', statement),
    ).rejects.toMatchObject(refused);
    await expect(execute(as(roles.viewer), statement)).rejects.toThrow();
  });
});
