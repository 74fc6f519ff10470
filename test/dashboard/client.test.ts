import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createDashboardClient, openApi } from '../../src/dashboard/index.js';
import { ROUTES } from '../../src/dashboard/routes/routes.js';
import type { TaskDetail, TaskPage } from '../../src/platform/index.js';
import { execute } from '../support/postgres.js';
import { addTokens, addUsers, runDashboard } from './support/dashboard.js';

describe('the description of the API', () => {
  const file = JSON.parse(
    readFileSync(new URL('../../src/dashboard/openapi/openapi.json', import.meta.url), 'utf8'),
  ) as {
    paths: Record<string, Record<string, object>>;
  };

  it('is the one the package ships (npm run openapi)', () => {
    expect(file).toEqual(JSON.parse(JSON.stringify(openApi())));
  });

  it('has every route, and no other', () => {
    const described = Object.entries(file.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  });
});

describe('the client', async () => {
  const board = await runDashboard();
  await addUsers(board.store);
  const { viewer, operator } = await addTokens(board.store);
  await execute(
    board.databaseUrl,
    `INSERT INTO tasks_backgroundtask (id, task_id, type, input, options, root_id)
      SELECT 'i' || n, 'a/b ' || n, 'export.page', '{"args": [1], "kwargs": {}}', '{}', 'a/b 1' FROM generate_series(1, 3) n`,
  );
  const client = createDashboardClient({ url: board.url, token: viewer });

  it('is typed by the routes and reads what they answer', async () => {
    const page = await client.get('/tasks', { query: { limit: 2, sort: 'created' } });
    expectTypeOf(page).toExtend<TaskPage>();
    expect(page.items).toHaveLength(2);
    const next = await client.get('/tasks', { query: { limit: 2, cursor: page.next ?? undefined } });
    expect(next.items).toHaveLength(1);
    const task = await client.get('/tasks/:id', { params: { id: 'a/b 2' } });
    expectTypeOf(task).toExtend<TaskDetail>();
    expect(task.name).toBe('export.page');
    // @ts-expect-error there is no such path
    await expect(client.get('/no/such')).rejects.toThrow();
    // @ts-expect-error the path has a name to fill
    expectTypeOf(client.get<'/tasks/:id'>).toBeCallableWith('/tasks/:id', {});
  });

  it('rejects with the problem', async () => {
    await expect(client.get('/users')).rejects.toMatchObject({
      code: 'API_REFUSED',
      fields: { status: 403, code: 'FORBIDDEN' },
    });
    const order = { action: 'task.retry', filter: {}, confirmed: 0 } as const;
    await expect(
      createDashboardClient({ url: board.url, token: operator }).post('/bulk', { body: order }),
    ).rejects.toMatchObject({ fields: { code: 'INPUT_INVALID', errors: [{ at: 'confirmed' }] } });
  });

  it('hears of changes within two seconds, whoever makes them', async () => {
    const stop = new AbortController();
    const changes = client.changes(stop.signal)[Symbol.asyncIterator]();
    const first = changes.next();
    // Statistics are behind by a second at most: what is counted first is the state before.
    const insert = setInterval(
      () =>
        void execute(
          board.databaseUrl,
          `INSERT INTO tasks_backgroundtask (id, task_id, type, input, options, root_id)
            VALUES (substr(md5(random()::text), 1, 24), gen_random_uuid(), 'x', '{}', '{}', 'x')`,
        ),
      300,
    );
    const { value } = await first;
    clearInterval(insert);
    expect(value).toMatchObject({ topics: expect.arrayContaining(['tasks', 'overview']) });
    stop.abort();
    await changes.next().catch(() => undefined);
  });
});
