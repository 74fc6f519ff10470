import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { lastFailures } from '../../examples/dashboard/ask.js';
import { serveBoard } from '../../examples/dashboard/serve.js';
import { silentLogger } from '../../src/base/index.js';
import { migrateDatabase } from '../../src/cli/database-admin.js';
import { postgresAccounts } from '../../src/dashboard/index.js';
import { postgresDatabase } from '../../src/platform/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { addTokens, ask } from './support/dashboard.js';

const url = await freshDatabase();
const database = postgresDatabase({ url, logger: silentLogger, connections: 1 });
const server = serveBoard(url, ({ headers }) => headers['x-me'] as string | undefined);
const base = await new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await database.close();
});

it('the mounted page lets in whom the program around it knows, and the client reads what failed', async () => {
  await migrateDatabase(url);
  const { viewer } = await addTokens(postgresAccounts(database));
  await execute(
    url,
    `INSERT INTO tasks_backgroundtask (id, task_id, type, input, options, root_id)
       SELECT 'i' || n, 'id-' || n, 'export.page', '{"args": [], "kwargs": {}}', '{}', 'id-1' FROM generate_series(1, 2) n`,
    `INSERT INTO celery_taskmeta (id, task_id, status, date_done) VALUES (1, 'id-1', 'SUCCESS', now()), (2, 'id-2', 'FAILURE', now())`,
  );
  const session = (headers: Record<string, string>) => ask(base, '/board/api/v1/session', { headers });
  expect((await session({})).status).toBe(401);
  expect((await session({ 'x-me': 'ann' })).json).toMatchObject({ user: 'ann', role: 'operator' });
  expect(await lastFailures(`${base}/board`, viewer)).toEqual(['export.page id-2']);
});
