import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { execute, freshDatabase } from '../support/postgres.js';
import { tcpProxy } from '../support/tcp-proxy.js';
import { addTokens, addUsers, runDashboard } from './support/dashboard.js';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "';DROP TABLE tasks_backgroundtask;--",
  '=HYPERLINK("http://evil")',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\tcmd',
  '\u202Egnp.exe',
];

describe('while the database is away', async () => {
  const real = new URL(await freshDatabase());
  const proxy = await tcpProxy(real.hostname, Number(real.port));
  const through = new URL(real);
  through.port = String(proxy.port);
  const board = await runDashboard({ database: through.href });
  await addUsers(board.store);
  const { viewer } = await addTokens(board.store);
  const headers = { authorization: `Bearer ${viewer}` };

  it('answers within a second with what was known, marked, and comes back by itself', async () => {
    const before = await board.ask('/api/v1/tasks', { headers });
    expect(before.status).toBe(200);
    await proxy.close();
    for (let round = 0; round < 3; round += 1) {
      const began = performance.now();
      const stale = await board.ask('/api/v1/tasks', { headers });
      expect(performance.now() - began).toBeLessThan(2000);
      expect(stale.status).toBe(200);
      expect(stale.json).toMatchObject({ items: [], stale: { since: expect.any(String) } });
      expect(stale.headers['x-stale-since']).toBe(stale.json.stale.since);
    }
    expect((await board.ask('/api/v1/tasks/unknown', { headers })).json).toMatchObject({
      code: 'STORE_UNREACHABLE',
      status: 503,
    });
    expect((await board.ask('/readyz')).status).toBe(503);
    expect((await board.ask('/livez')).status).toBe(200);
    expect((await board.ask('/metrics')).text).toContain('wt_database_up 0');
    const back = await tcpProxy(real.hostname, Number(real.port), proxy.port);
    await vi.waitFor(
      async () => expect((await board.ask('/api/v1/tasks', { headers })).json.stale).toBeUndefined(),
      {
        timeout: 8000,
        interval: 200,
      },
    );
    await back.close();
  });
});

describe('foreign text', async () => {
  const board = await runDashboard();
  await addUsers(board.store);
  const { admin } = await addTokens(board.store);
  const headers = { authorization: `Bearer ${admin}` };
  const get = (path: string) => board.ask(`/api/v1${path}`, { headers });
  for (const [at, text] of HOSTILE.entries()) {
    const quoted = text.replaceAll("'", "''");
    await execute(
      board.databaseUrl,
      `INSERT INTO tasks_backgroundtask (id, task_id, type, input, options, root_id) VALUES
        ('h${at}', 'h${at}', '${quoted}', jsonb_build_object('args', jsonb_build_array('${quoted}'::text), 'kwargs', '{}'::jsonb), '{}', 'h${at}')`,
    );
  }

  it('leaves as JSON that no browser takes for a page', async () => {
    for (const path of [
      '/tasks',
      '/tasks/h0',
      '/tasks/h0/family',
      `/tasks/${encodeURIComponent(HOSTILE[0] ?? '')}`,
      `/actions/${encodeURIComponent(HOSTILE[0] ?? '')}`,
    ]) {
      const { headers: answered } = await get(path);
      expect(answered['content-type']).toMatch(/^application\/(problem\+)?json$/);
      expect(answered['x-content-type-options']).toBe('nosniff');
    }
  });

  it('is no formula in the table people open in a spreadsheet', async () => {
    const { text, headers: answered } = await get('/tasks/export.csv?bom=true');
    expect(answered).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="tasks.csv"',
    });
    expect(text.startsWith('\uFEFFid,name,state,')).toBe(true);
    const names = text
      .split('\r\n')
      .slice(1, -1)
      .map((line) => /^h\d,("(?:[^"]|"")*"|[^,]*)/.exec(line)?.[1] ?? '');
    expect(names).toHaveLength(HOSTILE.length);
    for (const name of names) expect(name.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
    const lines = (await get('/tasks/export.ndjson')).text.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name).sort()).toEqual(
      [...HOSTILE].sort(),
    );
  });

  it('breaks no question of ours, whatever stands in a filter', async () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60, unit: 'binary' }),
      fc.constantFrom(...HOSTILE, "'", '"', '\\', '%', '_', '\0', '$1', '--', '/*'),
    );
    const name = fc.constantFrom(
      'state',
      'type',
      'queue',
      'worker',
      'related',
      'root',
      'parent',
      'q',
      'sort',
      'order',
      'cursor',
      'creator',
      'from',
    );
    await fc.assert(
      fc.asyncProperty(name, text, async (key, value) => {
        const { status, text: body } = await get(`/tasks?${key}=${encodeURIComponent(value.toWellFormed())}`);
        expect({ status, body: status >= 500 ? body : '' }).toEqual({
          status: expect.any(Number) as number,
          body: '',
        });
        expect(body).not.toContain('42601');
      }),
      { numRuns: 300 },
    );
    expect((await get('/tasks')).json.items).toHaveLength(HOSTILE.length);
  }, 60_000);
});
