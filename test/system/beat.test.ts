import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/platform/index.js';
import { resultSchemaSql } from '../../src/results/postgres/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { cli, startHere } from './support/cli.js';

const TICKING = 'test/system/apps/ticking.mjs';

const database = await freshDatabase();
const client = new pg.Client({ connectionString: database });
await client.connect();
await client.query(resultSchemaSql());
await migrate(client);
await client.end();

describe('beat --list', () => {
  test('prints entries with their next times, and what is wrong with a faulty one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'beat-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await execute(
      database,
      `INSERT INTO workertoolbox.beat_entry (app, name, task, schedule) VALUES ('ticking', 'faulty', 'msg.echo', '"61 * * * *"')`,
    );
    const file = await cli(['-A', TICKING, 'beat', '--list', '-s', join(folder, 'schedule')]);
    expect(file).toMatchObject({ code: 0, err: '' });
    expect(file.out).toMatch(/^ENTRY +TASK +NEXT +LAST +RUNS\ntick +msg\.echo +20\d\d-.*Z +never +0\n$/);
    const listed = await cli(['-A', TICKING, 'beat', '--list', '--json', '--store', database]);
    expect(JSON.parse(listed.out)).toMatchObject([
      { name: 'faulty', source: 'store', fault: expect.stringContaining('minute "61"') as string },
      { name: 'tick', source: 'app', fault: null },
    ]);
    const none = await cli(['-A', TICKING, 'beat', '--list', '--store', 'shelf']);
    expect(none).toMatchObject({ code: 2 });
    expect(none.err).toContain('"shelf" is no store of schedules');
  });
});

describe('worker -B', () => {
  test('sends what is due, and leaves it at that when it stops', async () => {
    const args = ['-b', 'memory://', '-A', TICKING, 'worker', '-B', '--beat-store', 'memory', '-Q', 'celery'];
    const { line, kill, ended } = startHere([...args, '--without-mingle'], {
      env: { CELERY_RESULT_BACKEND: 'cache+memory://' },
    });
    await line(/ready/);
    await line(/msg\.echo/);
    kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });
});
