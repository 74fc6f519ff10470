import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../src/base/index.js';
import { migrate, overall, overallStatus, postgresDatabase } from '../../../src/platform/index.js';
import { resultSchemaSql } from '../../../src/results/postgres/index.js';
import { DJANGO_TABLES } from '../../support/django-tables.js';
import { execute, freshDatabase, uniqueName } from '../../support/postgres.js';
import { record } from '../../support/recorded-tasks.js';

/** What the two tables say, in the form of the tables that triggers keep. */
const TRUTH = `SELECT t.root_id, count(*)::int AS total, sum((state = 'SUCCESS')::int)::int AS succeeded, sum((state = 'FAILURE')::int)::int AS failed,
  sum((state = 'REVOKED')::int)::int AS revoked, sum((state = 'PENDING')::int)::int AS pending
  FROM (SELECT t.*, COALESCE(r.status, 'PENDING') AS state FROM tasks_backgroundtask t LEFT JOIN celery_taskmeta r USING (task_id)) t
  WHERE type <> 'celery.chord_unlock' GROUP BY t.root_id ORDER BY t.root_id`;
const KEPT =
  'SELECT root_id, total, succeeded, failed, revoked, pending FROM workertoolbox.family_state WHERE total <> 0 ORDER BY root_id';
const STATES = `SELECT task_id, COALESCE(r.status, 'PENDING') AS state, t.created_date AS created FROM tasks_backgroundtask t FULL JOIN celery_taskmeta r USING (task_id) ORDER BY task_id`;
const KEPT_STATES = 'SELECT task_id, state, created FROM workertoolbox.task_state ORDER BY task_id';

/** The same numbers for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const NAMES = ['SUCCESS', 'FAILURE', 'REVOKED', 'STARTED', 'RETRY', 'PROGRESS'];

/** One change of either table, as any writer may make it: several rows at once, in any order. */
function change(next: (below: number) => number): string {
  const id = (): string => `'t${next(40)}'`;
  const ids = (): string => [id(), id(), id()].join(', ');
  const type = next(8) === 0 ? 'celery.chord_unlock' : 'export.page';
  const row = (task: string): string =>
    `(substr(md5(${task}), 1, 24), ${task}, '${type}', now(), now(), '{}', '{}', 'r${next(4)}')`;
  switch (next(10)) {
    case 0:
      return `DELETE FROM tasks_backgroundtask WHERE task_id IN (${ids()})`;
    case 1:
      return `DELETE FROM celery_taskmeta WHERE task_id IN (${ids()})`;
    case 2:
      return `UPDATE tasks_backgroundtask SET root_id = 'r${next(4)}', type = '${type}' WHERE task_id IN (${ids()})`;
    case 3:
      return `UPDATE tasks_backgroundtask SET options = '{"retries": 1}' WHERE task_id IN (${ids()})`;
    case 4:
    case 5:
    case 6:
      return `INSERT INTO tasks_backgroundtask (id, task_id, type, created_date, last_updated, input, options, root_id)
        SELECT DISTINCT ON (task_id) * FROM (VALUES ${[row(id()), row(id()), row(id())].join(', ')}) v (id, task_id, type, c, l, i, o, root)
        ON CONFLICT (task_id) DO UPDATE SET type = EXCLUDED.type, root_id = EXCLUDED.root_id`.replaceAll(
        "'{}'",
        "'{}'::jsonb",
      );
    default:
      return `INSERT INTO celery_taskmeta (id, task_id, status) SELECT nextval('task_id_sequence'), task_id, '${NAMES[next(6)]}'
        FROM (SELECT DISTINCT unnest(ARRAY[${ids()}]) AS task_id) v ON CONFLICT (task_id) DO UPDATE SET status = EXCLUDED.status`;
  }
}

describe('states and counts that triggers keep', async () => {
  const url = await freshDatabase();
  const client = new pg.Client({ connectionString: url });
  beforeAll(async () => {
    await client.connect();
    await client.query(resultSchemaSql());
    await migrate(client);
  });
  afterAll(() => client.end());

  async function areTrue(): Promise<void> {
    const ask = async (text: string): Promise<unknown> => (await client.query(text)).rows;
    expect(await ask(KEPT)).toEqual(await ask(TRUTH));
    expect(await ask(KEPT_STATES)).toEqual(await ask(STATES));
  }

  test('say what the tables say after any changes', async () => {
    const next = random(7);
    for (let round = 0; round < 300; round += 1) {
      await client.query(change(next));
      if (round % 10 === 0) await areTrue();
    }
    await areTrue();
  });

  test('also when many write at once, and some roll back', async () => {
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const next = random(100 + writer);
      const own = new pg.Client({ connectionString: url });
      await own.connect();
      for (let round = 0; round < 80; round += 1) {
        await own.query('BEGIN');
        try {
          await own.query(change(next));
          await own.query(next(5) === 0 ? 'ROLLBACK' : 'COMMIT');
        } catch (error) {
          // Rows taken in other orders by the writers themselves.
          expect(error).toMatchObject({ code: '40P01' });
          await own.query('ROLLBACK');
        }
      }
      await own.end();
    });
    await Promise.all(writers);
    await areTrue();
  });

  test('when a table is emptied', async () => {
    await client.query('TRUNCATE celery_taskmeta');
    await areTrue();
    await client.query('TRUNCATE tasks_backgroundtask');
    await areTrue();
  });
});

test('are counted of what is there before, and a writer needs no right to them', async () => {
  const url = await freshDatabase();
  await execute(url, DJANGO_TABLES);
  await record(url, [
    { id: 'root', created: new Date(), status: 'SUCCESS' },
    { id: 'part', created: new Date(), root: 'root', parent: 'root' },
  ]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client);
  const role = uniqueName('worker');
  await client.query(`CREATE ROLE ${role}; GRANT SELECT, INSERT, UPDATE ON celery_taskmeta TO ${role};
    GRANT USAGE ON SEQUENCE task_id_sequence TO ${role}; SET ROLE ${role};
    INSERT INTO celery_taskmeta (task_id, status) VALUES ('part', 'REVOKED'); RESET ROLE;`);
  const database = postgresDatabase({ url, logger: silentLogger });
  expect(await overallStatus(database, 'part')).toBe('REVOKED');
  expect((await client.query('SELECT * FROM workertoolbox.family_state')).rows).toEqual([
    { root_id: 'root', total: 2, succeeded: 1, failed: 0, revoked: 1, pending: 0 },
  ]);
  await client.query(
    `REVOKE ALL ON celery_taskmeta FROM ${role}; REVOKE ALL ON SEQUENCE task_id_sequence FROM ${role}; DROP ROLE ${role}`,
  );
  await client.end();
  await database.close();
});

test('one state for a family, as the members would give it', async () => {
  const url = await freshDatabase();
  await execute(url, DJANGO_TABLES);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await migrate(client);
  const database = postgresDatabase({ url, logger: silentLogger });
  const families = NAMES.flatMap((one) => ['PENDING', ...NAMES].map((other) => [one, other]));
  await record(
    url,
    families.flatMap(([one, other], index) => [
      { id: `a${index}`, created: new Date(), ...(one === 'PENDING' ? {} : { status: one }) },
      {
        id: `b${index}`,
        created: new Date(),
        root: `a${index}`,
        ...(other === 'PENDING' ? {} : { status: other }),
      },
    ]),
  );
  for (const [index, states] of families.entries()) {
    expect([states, await overallStatus(database, `b${index}`)]).toEqual([states, overall(states)]);
  }
  await client.end();
  await database.close();
});
