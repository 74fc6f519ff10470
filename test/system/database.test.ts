import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { MIGRATIONS } from '../../src/platform/index.js';
import { execute, freshDatabase, uniqueName } from '../support/postgres.js';
import { cli, start } from './support/cli.js';
import { expectFailure } from './support/secret.js';
import { sqsSystem } from './support/sqs-system.js';

const hasPsql = spawnSync('psql', ['--version']).status === 0;
const NO_PSQL = "needs psql, PostgreSQL's own client";

/** Runs SQL as an administrator would: psql stops at the first error. */
function psql(url: string, sql: string): { status: number | null; stderr: string } {
  return spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', url], { input: sql, encoding: 'utf8' });
}

const STEPS = `Applied ${MIGRATIONS.map(({ name }) => name).join(', ')}.\n`;

describe('migrate', async () => {
  const databases = await Promise.all([freshDatabase(), freshDatabase(), freshDatabase()]);
  const [twice, together, printed] = databases;

  test('twice: the second run finds nothing to do', async () => {
    expect(await cli(['migrate', '--database', twice])).toEqual({
      code: 0,
      signal: null,
      out: STEPS,
      err: '',
    });
    expect(await cli(['migrate', '--database', twice])).toMatchObject({ code: 0, out: 'Up to date.\n' });
  });

  test("several at a time do not get in one another's way", async () => {
    const runs = await Promise.all([1, 2, 3].map(() => cli(['migrate', '--database', together])));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(runs.map(({ out }) => out).sort()).toEqual([STEPS, 'Up to date.\n', 'Up to date.\n']);
  });

  test.skipIf(!hasPsql)(`--print-sql is what psql can run${hasPsql ? '' : ` (${NO_PSQL})`}`, async () => {
    const { code, out, err } = await cli(['migrate', '--print-sql']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(psql(printed, out)).toMatchObject({ status: 0, stderr: '' });
    expect(await cli(['migrate', '--database', printed])).toMatchObject({ code: 0, out: 'Up to date.\n' });
    const tables = await execute(
      printed,
      `SELECT string_agg(relname, ' ' ORDER BY relname) AS names FROM pg_class WHERE relname ~ '^(celery|tasks|quarantine)' AND relkind = 'r'`,
    );
    expect(tables.rows).toEqual([
      { names: 'celery_taskmeta celery_tasksetmeta quarantine quarantine_dropped tasks_backgroundtask' },
    ]);
  });
});

describe('grant-worker', { timeout: 90_000 }, async () => {
  const system = await sqsSystem();
  const roles: string[] = [];
  afterAll(() =>
    execute(system.database, ...roles.flatMap((role) => [`DROP OWNED BY ${role}`, `DROP ROLE ${role}`])),
  );

  /** A new role with a password, its URL, and its name. */
  const newRole = async (): Promise<{ role: string; url: () => Promise<string> }> => {
    const role = uniqueName('worker');
    roles.push(role);
    const url = async (): Promise<string> => {
      await execute(system.database, `ALTER ROLE ${role} PASSWORD 'pass'`);
      const changed = new URL(system.database);
      changed.username = role;
      changed.password = 'pass';
      return changed.href;
    };
    return { role, url };
  };

  test.each([
    ['run here', async (args: readonly string[]) => expect((await cli(args)).code).toBe(0)],
    ...(hasPsql
      ? [
          [
            'printed, and run with psql',
            async (args: readonly string[]) => {
              const { out } = await cli([...args, '--print-sql']);
              expect(psql(system.database, out)).toMatchObject({ status: 0, stderr: '' });
            },
          ] as const,
        ]
      : []),
  ] as const)('%s: the role stores results, and may do nothing else', async (_name, grant) => {
    const { role, url } = await newRole();
    await grant(['grant-worker', role, '--create', '--database', system.database]);
    await grant(['grant-worker', role, '--create', '--database', system.database]);
    const backend = await url();
    const env = { ...system.env, WORKERTOOLBOX_RESULT_BACKEND: `db+${backend}` };
    const worker = start(['worker'], { env });
    await worker.line(/\] ready/);
    const { out } = await cli(['call', 'msg.add', '-a', '[1, 2]', '--wait'], { env });
    worker.kill('SIGTERM');
    expect(out).toBe('3\n');
    await worker.ended;
    for (const sql of [
      'SELECT 1 FROM tasks_backgroundtask',
      'DELETE FROM celery_taskmeta',
      'CREATE TABLE x ()',
    ]) {
      await expect(execute(backend, sql)).rejects.toThrow('permission denied');
    }
    expectFailure(await cli(['migrate', '--database', backend]), 1, 'permission denied');
  });

  test('a role that does not exist', async () => {
    const run = await cli(['grant-worker', 'nobody_there', '--database', inject('postgresUrl')]);
    expectFailure(run, 1, 'role "nobody_there" does not exist');
  });
});
