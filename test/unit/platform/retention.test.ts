import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CeleryApp } from '../../../src/app/index.js';
import { deferred, silentLogger } from '../../../src/base/index.js';
import {
  createRetention,
  type Forgotten,
  forgetTasks,
  grantSyncTasksSql,
  migrationsSql,
  postgresDatabase,
} from '../../../src/platform/index.js';
import { grantWorkerSql, resultSchemaSql } from '../../../src/results/postgres/index.js';
import { Config } from '../../../src/toolbox/config/index.js';
import { MemoryHub, memoryTransports } from '../../../src/transports/memory/index.js';
import { DJANGO_TABLES } from '../../support/django-tables.js';
import { execute, freshDatabase, uniqueName } from '../../support/postgres.js';
import { type RecordedTask, record } from '../../support/recorded-tasks.js';

const now = new Date();
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const before = daysAgo(90);
const old = { created: daysAgo(100), done: daysAgo(100) };

type Facts = Partial<Omit<RecordedTask, 'status'>> & { readonly status?: string | null };

/** Status null: no result was stored. */
const ended = (id: string, { status = 'SUCCESS', ...more }: Facts = {}): RecordedTask => ({
  id,
  ...(status !== null && { status }),
  ...old,
  ...more,
});
const child = (root: string, name: string, more: Facts = {}): RecordedTask =>
  ended(`${root}-${name}`, { root, parent: root, ...more });

/** Old and ended, in every state; and alive, each by one member. */
const FAMILIES: readonly RecordedTask[] = [
  ended('good', { type: 'export.project' }),
  child('good', 'part', { type: 'import.page' }),
  child('good', 'unlock', { type: 'celery.chord_unlock', status: null }),
  ended('bad', { status: 'FAILURE' }),
  child('bad', 'part'),
  ended('stopped', { type: 'export_project' }),
  child('stopped', 'part', { status: 'REVOKED' }),
  ended('waits'),
  child('waits', 'part', { status: null }),
  ended('runs'),
  child('runs', 'part', { status: 'STARTED' }),
  ended('grew'),
  child('grew', 'part', { created: daysAgo(80), done: daysAgo(80) }),
  ended('late'),
  child('late', 'part', { done: daysAgo(80) }),
  ended('young', { created: daysAgo(10), done: daysAgo(10) }),
];
const ALIVE = ['grew', 'grew-part', 'late', 'late-part', 'runs', 'runs-part', 'waits', 'waits-part', 'young'];
const BESIDE = ['attempt', 'task_mark', 'task_message'].map((table) => `workertoolbox.${table}`);

const tables = {
  'our tables': { sql: [resultSchemaSql(), migrationsSql()], beside: BESIDE },
  "the platform's own, with foreign keys": { sql: [DJANGO_TABLES, migrationsSql()], beside: BESIDE },
  "the platform's own, not migrated": { sql: [DJANGO_TABLES], beside: [] },
};

describe.each(Object.entries(tables))('on %s', async (_, { sql, beside }) => {
  const url = await freshDatabase();
  const database = postgresDatabase({ url, logger: silentLogger });
  const idsOf = async (table: string): Promise<string[]> =>
    (await execute(url, `SELECT task_id FROM ${table} ORDER BY task_id`)).rows.map(({ task_id }) => task_id);

  beforeAll(async () => void (await execute(url, ...sql)));
  afterAll(() => database.close());
  beforeEach(async () => {
    await execute(url, 'TRUNCATE tasks_backgroundtask, celery_taskmeta CASCADE');
    await record(url, FAMILIES);
    if (beside.length === 0) return;
    await execute(
      url,
      `TRUNCATE ${beside.join(', ')};
       INSERT INTO workertoolbox.attempt (task_id, started) SELECT task_id, created_date FROM tasks_backgroundtask;
       INSERT INTO workertoolbox.task_mark (task_id, mark) SELECT task_id, 'lost' FROM tasks_backgroundtask;
       INSERT INTO workertoolbox.task_message (task_id, exchange, routing_key, content_type, content_encoding, headers, properties, body)
         SELECT task_id, '', '', '', '', '{}', '{}', '' FROM tasks_backgroundtask`,
    );
  });

  test('what lives stays whole, with all that belongs to it; what ended goes with it', async () => {
    const forgotten = await forgetTasks(database, { before, withResults: true });
    expect(forgotten).toEqual({ families: 3, tasks: 7, results: 6, kept: 0 });
    expect(await idsOf('tasks_backgroundtask')).toEqual(ALIVE);
    expect(await idsOf('celery_taskmeta')).toEqual(ALIVE.filter((id) => id !== 'waits-part'));
    for (const table of beside) expect([table, await idsOf(table)]).toEqual([table, ALIVE]);
    expect(await forgetTasks(database, { before, withResults: true })).toMatchObject({ families: 0 });
  });

  test('results stay where nobody asked, and are nobody’s', async () => {
    const results = await idsOf('celery_taskmeta');
    expect(await forgetTasks(database, { before })).toMatchObject({ tasks: 7, results: 0 });
    expect(await idsOf('celery_taskmeta')).toEqual(results);
    if (beside.length === 0) return;
    expect(await idsOf('workertoolbox.task_state')).toEqual(ALIVE);
    const { rows } = await execute(url, 'SELECT root_id FROM workertoolbox.family_state ORDER BY root_id');
    expect(rows.map(({ root_id }) => root_id)).toEqual(['grew', 'late', 'runs', 'waits', 'young']);
  });

  test('a dry run tells the same, and removes nothing', async () => {
    const tasks = await idsOf('tasks_backgroundtask');
    const told = await forgetTasks(database, { before, withResults: true, dryRun: true });
    expect(await idsOf('tasks_backgroundtask')).toEqual(tasks);
    expect(told).toEqual(await forgetTasks(database, { before, withResults: true }));
  });

  test.each([
    [{ states: ['SUCCESS'] }, ['good']],
    [{ states: ['FAILURE', 'REVOKED'] }, ['bad', 'stopped']],
    [{ type: 'export.*' }, ['bad', 'good']],
    [{ type: 'export_project' }, ['stopped']],
    [{ type: 'import.*' }, []],
    [{ type: 'export.*', states: ['FAILURE'] }, ['bad']],
  ])('only %j', async (only, gone) => {
    await forgetTasks(database, { before, ...only });
    const stay = new Set(await idsOf('tasks_backgroundtask'));
    expect(['bad', 'good', 'stopped'].filter((id) => !stay.has(id))).toEqual(gone);
  });

  test('in batches, a large family at once, each family once', async () => {
    const many = Array.from({ length: 700 }, (_, n) => [ended(`f${n}`), child(`f${n}`, 'x')]).flat();
    const large = [ended('large'), ...Array.from({ length: 2500 }, (_, n) => child('large', `${n}`))];
    await record(url, [...many, ...large]);
    const dry = await forgetTasks(database, { before, dryRun: true });
    const pages: Forgotten[] = [];
    const done = await forgetTasks(database, { before, onProgress: (one) => pages.push(one) });
    expect(done).toEqual({ families: 704, tasks: 3908, results: 0, kept: 0 });
    expect(dry).toEqual(done);
    expect(pages.length).toBeGreaterThan(2);
    expect(await idsOf('tasks_backgroundtask')).toEqual(ALIVE);
  });

  test('ends when it is told to, with what was done', async () => {
    const stop = new AbortController();
    await record(
      url,
      Array.from({ length: 1200 }, (_, n) => ended(`f${n}`)),
    );
    const { tasks } = await forgetTasks(database, {
      before,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    const left = (await idsOf('tasks_backgroundtask')).length;
    expect([tasks > 0, left > ALIVE.length, tasks + left]).toEqual([true, true, 1200 + FAMILIES.length]);
  });
});

describe('what refers to old tasks', async () => {
  const url = await freshDatabase();
  const database = postgresDatabase({ url, logger: silentLogger });
  beforeAll(async () => void (await execute(url, DJANGO_TABLES, migrationsSql())));
  afterAll(() => database.close());

  test('keeps their family, and no other', async () => {
    await record(url, [...FAMILIES, ended('heir', { parent: 'good-part', created: daysAgo(1) })]);
    await execute(
      url,
      `CREATE TABLE files (task_id varchar REFERENCES tasks_backgroundtask (task_id)); INSERT INTO files VALUES ('bad-part')`,
    );
    expect(await forgetTasks(database, { before })).toMatchObject({ families: 1, tasks: 2, kept: 2 });
    const { rows } = await execute(
      url,
      `SELECT task_id FROM tasks_backgroundtask WHERE root_id IN ('bad', 'good', 'stopped')`,
    );
    expect(rows).toHaveLength(5);
  });
});

describe('a family that grows while it is removed', async () => {
  const url = await freshDatabase();
  const database = postgresDatabase({ url, logger: silentLogger });
  beforeAll(async () => void (await execute(url, resultSchemaSql(), migrationsSql())));
  afterAll(() => database.close());

  test('stays whole', async () => {
    await record(url, [ended('other'), ended('good'), child('good', 'part')]);
    const writer = postgresDatabase({ url, logger: silentLogger });
    const removal = await writer.alone(async (query) => {
      await query({ text: 'BEGIN' });
      await query({
        text: `INSERT INTO tasks_backgroundtask (id, task_id, type, input, options, root_id) VALUES ('new', 'new', 'x', '{}', '{}', 'good')`,
      });
      const removing = forgetTasks(database, { before });
      // It waits for the counts of the family.
      for (;;) {
        const waiting = await execute(
          url,
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        if (waiting.rows.length > 0) break;
      }
      await query({ text: 'COMMIT' });
      return { removing };
    });
    expect(await removal.removing).toMatchObject({ families: 1, tasks: 1, kept: 1 });
    const { rows } = await execute(url, 'SELECT task_id FROM tasks_backgroundtask ORDER BY task_id');
    expect(rows.map(({ task_id }) => task_id)).toEqual(['good', 'good-part', 'new']);
    await writer.close();
  });
});

describe('roles and the service', async () => {
  const url = await freshDatabase();
  const name = new URL(url).pathname.slice(1);
  const roles = { sync: uniqueName('sync'), retain: uniqueName('retain') };
  const as = (role: string): string => Object.assign(new URL(url), { username: role, password: 'p' }).href;
  beforeAll(async () => {
    await execute(url, resultSchemaSql(), migrationsSql());
    for (const [kind, role] of Object.entries(roles)) {
      await execute(
        url,
        `CREATE ROLE ${role} LOGIN PASSWORD 'p'`,
        grantWorkerSql({ role, database: name }),
        grantSyncTasksSql({ role, retain: kind === 'retain' }),
      );
    }
    await record(url, FAMILIES);
  });
  afterAll(async () => {
    for (const role of Object.values(roles)) await execute(url, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
  });

  test('a role without the right removes nothing, and is told', async () => {
    const database = postgresDatabase({ url: as(roles.sync), logger: silentLogger });
    await expect(forgetTasks(database, { before })).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await database.close();
    const { rows } = await execute(url, 'SELECT count(*)::int AS tasks FROM tasks_backgroundtask');
    expect(rows).toEqual([{ tasks: FAMILIES.length }]);
  });

  test('the service removes with the rights of --retain, by the clock of its app', async () => {
    const factory = memoryTransports(new MemoryHub());
    const app = new CeleryApp('export', {
      transports: new Map([['memory', async () => factory]]),
      backends: new Map(),
    }).configFromObject(
      new Config({ broker_url: 'memory://', result_backend: null, QUEUES: ['export'] }, {}),
    );
    const told = deferred<object>();
    const logger = { ...silentLogger, info: (fields: object) => told.resolve(fields), child: () => logger };
    Object.defineProperty(app, 'logger', { value: logger });
    const database = postgresDatabase({ url: as(roles.retain), logger: silentLogger });
    const service = createRetention(app, { database, url: as(roles.retain), days: 90 });
    await service.start();
    expect(await told.promise).toMatchObject({ families: 3, tasks: 7, results: 0 });
    await service.stop();
    expect(service.state).toBe('stopped');
    await Promise.all([database.close(), app.close()]);
  });
});
