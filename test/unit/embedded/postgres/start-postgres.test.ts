import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../../src/embedded/postgres/index.js';
import { execute } from '../../../support/postgres.js';

const module = fileURLToPath(new URL('../../../../src/embedded/postgres/index.ts', import.meta.url));

/** Starts the database in a process of its own; resolves with its URL. */
async function startElsewhere(dataDir?: string) {
  const script = `import { startPostgres } from ${JSON.stringify(module)};
    console.log((await startPostgres(${JSON.stringify({ dataDir })})).url); setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: url.toString().trim() };
}

describe('startPostgres', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'workertoolbox-test-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('serves a new database on loopback in UTC, with a password of its own, and leaves nothing behind', async () => {
    const first = await startPostgres({ database: 'cadasta' });
    const second = await startPostgres();
    const { rows } = await execute(
      first.url,
      `SELECT current_database() AS db, current_setting('TimeZone') AS zone, current_setting('listen_addresses') AS at,
        current_setting('data_directory') AS folder`,
    );
    expect(rows[0]).toMatchObject({ db: 'cadasta', zone: 'UTC', at: '127.0.0.1' });
    expect(new URL(first.url).password).not.toBe(new URL(second.url).password);
    const wrong = new URL(second.url);
    wrong.password = new URL(first.url).password;
    await expect(execute(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await Promise.all([first.stop(), second.stop()]);
    await first.stop();
    expect(existsSync(join(rows[0].folder, '..'))).toBe(false);
  });

  it('keeps what is in its folder, and its password, from start to start', async () => {
    const first = await startPostgres({ dataDir });
    await execute(first.url, 'CREATE TABLE kept (n int)', 'INSERT INTO kept VALUES (7)');
    await first.stop();
    const second = await startPostgres({ dataDir });
    expect((await execute(second.url, 'SELECT n FROM kept')).rows).toEqual([{ n: 7 }]);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    await second.stop();
  });

  it('refuses a folder in use, and takes it over when its process was killed', async () => {
    const { child, url } = await startElsewhere(dataDir);
    await expect(startPostgres({ dataDir })).rejects.toMatchObject({
      code: 'EMBEDDED_FAILED',
      fields: { owner: child.pid },
    });
    await execute(url, 'INSERT INTO kept VALUES (8)');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const again = await startPostgres({ dataDir });
    expect((await execute(again.url, 'SELECT count(*)::int AS n FROM kept')).rows).toEqual([{ n: 2 }]);
    await again.stop();
  });

  it('leaves nothing behind when its process was killed', async () => {
    const { child, url } = await startElsewhere();
    const { rows } = await execute(url, "SELECT current_setting('data_directory') AS folder");
    child.kill('SIGKILL');
    await expect.poll(() => existsSync(join(rows[0].folder, '..')), { timeout: 20_000 }).toBe(false);
    await expect(execute(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('starts beside the lock of a server that died without removing it', async () => {
    const lock = join(dataDir, 'cluster', 'postmaster.pid');
    const running = await startPostgres({ dataDir });
    const text = await readFile(lock, 'utf8');
    await running.stop();
    await writeFile(lock, text);
    const again = await startPostgres({ dataDir });
    await again.stop();
  });

  it('says what a folder it cannot use needs', async () => {
    const file = join(dataDir, 'cluster', 'PG_VERSION');
    await expect(startPostgres({ dataDir: file })).rejects.toMatchObject({ code: 'EMBEDDED_FAILED' });
  });

  it('names the port that is taken', async () => {
    const running = await startPostgres();
    await expect(startPostgres({ port: running.port })).rejects.toThrow(String(running.port));
    await running.stop();
  });
});
