import { describe, expect, it } from 'vitest';
import { grantWorkerSql } from '../../../../src/results/postgres/index.js';
import { success } from '../../../../src/testing/conformance/result-backends-bench.js';
import { execute } from '../../../support/postgres.js';
import { resultDatabase } from './bench.js';

const database = await resultDatabase();
await database.execute('CREATE TABLE tasks_backgroundtask (id int)', 'CREATE SCHEMA secret');
const role = await database.role();
const name = new URL(database.url).pathname.slice(1);
await database.execute(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
await database.execute(grantWorkerSql({ role: role.name, database: name }));

describe('a worker’s role', () => {
  it('stores and reads', async () => {
    const backend = database.open({ url: role.url });
    await backend.connect();
    await backend.store({ ...success('a', 1), status: 'STARTED' });
    await backend.store(success('a', 2));
    expect((await backend.get(['a']))[0]).toMatchObject({ status: 'SUCCESS', result: 2 });
  });

  it('lives in UTC', async () => {
    const { rows } = await execute(role.url, `SELECT current_setting('TimeZone') AS zone`);
    expect(rows).toEqual([{ zone: 'UTC' }]);
  });

  it.each([
    'DELETE FROM celery_taskmeta',
    'TRUNCATE celery_taskmeta',
    'DROP TABLE celery_taskmeta',
    'ALTER TABLE celery_taskmeta ADD COLUMN x int',
    'CREATE INDEX ON celery_taskmeta (status)',
    `SELECT setval('task_id_sequence', 1)`,
    'SELECT * FROM celery_tasksetmeta',
    'INSERT INTO celery_tasksetmeta (id) VALUES (1)',
    'SELECT * FROM tasks_backgroundtask',
    'CREATE TABLE public.mine (x int)',
    'CREATE TEMP TABLE mine (x int)',
    'CREATE TABLE secret.mine (x int)',
    'CREATE SCHEMA mine',
    'CREATE ROLE mine',
    `COPY celery_taskmeta TO PROGRAM 'cat'`,
    'SELECT pg_read_file($$postgresql.conf$$)',
    'SELECT rolpassword FROM pg_authid',
  ])('may not: %s', async (statement) => {
    await expect(execute(role.url, statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('is told what to grant when it lacks a right', async () => {
    const bare = await database.role();
    await database.execute(`GRANT CONNECT ON DATABASE ${name} TO ${bare.name}`);
    const backend = database.open({ url: bare.url });
    await backend.connect();
    await expect(backend.store(success('b', 1))).rejects.toMatchObject({
      code: 'RESULT_BACKEND_REFUSED',
      message: expect.stringMatching(/task b: .*42501.*grant-worker/s),
    });
    // Granted, it goes on without a restart.
    await database.execute(grantWorkerSql({ role: bare.name, database: name }));
    await backend.store(success('b', 1));
  });
});
