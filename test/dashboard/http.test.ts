import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute } from '../support/postgres.js';
import { addTokens, addUsers, ask, runDashboard } from './support/dashboard.js';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

function builtPage(): string {
  const root = mkdtempSync(join(tmpdir(), 'web-'));
  mkdirSync(join(root, 'assets'));
  writeFileSync(
    join(root, 'index.html'),
    '<!doctype html><html lang="en"><script src="./assets/a-1.js"></script></html>',
  );
  writeFileSync(join(root, 'assets/a-1.js'), 'export {};');
  return root;
}

describe('what is served', async () => {
  const webRoot = builtPage();
  const board = await runDashboard({ webRoot });

  it.each([
    '/',
    '/task/1',
    '/api/v1/session',
    '/api/v1/none',
    '/api/none',
    '/assets/none.js',
    '/assets/a-1.js',
    '/%00',
    '/..%2f..%2fetc/passwd',
    '/%e0%a4%a',
  ])('has the headers of security: %s', async (path) => {
    const { headers, text } = await board.ask(path);
    expect(headers).toMatchObject({
      'content-security-policy': CSP,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['cache-control']).toBeTruthy();
    expect(text).not.toContain('root:');
  });

  it('keeps files with a hash for ever, and the start never', async () => {
    expect((await board.ask('/assets/a-1.js')).headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
    expect((await board.ask('/')).headers['cache-control']).toBe('no-cache');
  });

  it('answers every view with the start, and a missing file with a problem', async () => {
    for (const view of ['/', '/tasks', '/task/a%20b/family', '/queue/a.b', '/worker/celery@host.example'])
      expect(await board.ask(view)).toMatchObject({
        status: 200,
        text: expect.stringContaining('src="/assets/a-1.js"'),
      });
    expect(await board.ask('/assets/none.js')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });

  it('leaves no file outside of its folder', async () => {
    for (const path of [
      '/../package.json',
      '/assets/../../secret.json',
      '/assets/%2e%2e/%2e%2e/x.json',
      '/assets/..%5c..%5cx.json',
    ])
      expect((await board.ask(path)).status).toBe(404);
  });

  it('says how to get the page where it was not built', async () => {
    const bare = await runDashboard({ webRoot: '/nowhere/' });
    const answer = await bare.ask('/tasks');
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.text).toContain('/api/v1/openapi.json');
  });

  it('answers with an ETag, and 304 to who has it', async () => {
    const first = await board.ask('/api/v1/session');
    const again = await board.ask('/api/v1/session', {
      headers: { 'if-none-match': String(first.headers.etag) },
    });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('refuses bodies that are too large or no JSON', async () => {
    const send = (body: string) =>
      board.ask('/api/v1/bulk', {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
        body,
      });
    expect((await send(`"${'x'.repeat(3 * 1024 * 1024)}"`)).json).toMatchObject({
      code: 'TOO_LARGE',
      status: 413,
    });
    expect((await send('{')).json).toMatchObject({ code: 'INPUT_INVALID', status: 400 });
    expect((await send('{"action":"task.retry"}')).json.errors.map(({ at }: { at: string }) => at)).toContain(
      'filter',
    );
  });
});

describe('below a prefix and behind a proxy', async () => {
  const webRoot = builtPage();
  const board = await runDashboard({ urlPrefix: '/board', webRoot, trustedProxies: ['127.0.0.1'] });
  await addUsers(board.store);

  it('serves with and without the prefix, and tells the page where it is', async () => {
    for (const path of ['/board', '/board/', '/board/task/1', '/task/1'])
      expect((await board.ask(path)).text).toBe(
        '<!doctype html><html data-prefix="/board" lang="en"><script src="/board/assets/a-1.js"></script></html>',
      );
    expect((await board.ask('/board/api/v1/session')).status).toBe(401);
    expect((await board.ask('/boardroom')).status).toBe(200);
  });

  it('keeps its cookie to the prefix, secure where the browser speaks https', async () => {
    const answer = await board.ask('/board/api/v1/session', {
      method: 'POST',
      headers: {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'board.example',
        origin: 'https://board.example',
      },
      body: { user: 'viewer', password: 'correct horse battery' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']?.[0]).toContain('Path=/board; HttpOnly; Secure; SameSite=Strict');
  });

  it('believes a proxy that is trusted, and nobody else', async () => {
    const stranger = await runDashboard({
      database: board.databaseUrl,
      urlPrefix: '/board',
      trustedProxies: ['10.0.0.0/8'],
    });
    const answer = await ask(stranger.url, '/board/api/v1/session', {
      method: 'POST',
      headers: { 'x-forwarded-host': 'board.example', origin: 'http://board.example' },
      body: { user: 'viewer', password: 'correct horse battery' },
    });
    expect(answer.json.code).toBe('CROSS_SITE');
  });
});

describe('sign-in by others', () => {
  it('takes user and groups of a trusted proxy', async () => {
    const proxySignIn = { groups: { ops: 'operator', staff: 'viewer' } } as const;
    const board = await runDashboard({ proxySignIn, trustedProxies: ['127.0.0.1'] });
    const who = (user: string, groups: string) =>
      board.ask('/api/v1/session', { headers: { 'x-forwarded-user': user, 'x-forwarded-groups': groups } });
    expect((await who('ada', 'staff, ops')).json).toMatchObject({
      user: 'ada',
      role: 'operator',
      canSignOut: false,
    });
    expect((await who('bob', 'staff')).json.role).toBe('viewer');
    expect((await who('eve', 'constructor')).status).toBe(401);
    const untrusted = await runDashboard({ proxySignIn });
    const forged = await untrusted.ask('/api/v1/session', {
      headers: { 'x-forwarded-user': 'ada', 'x-forwarded-groups': 'ops' },
    });
    expect(forged.status).toBe(401);
  });

  it('asks the program around it', async () => {
    const board = await runDashboard({
      signIn: ({ headers }) =>
        headers['x-test'] === 'yes' ? { user: 'host-user', role: 'admin' } : undefined,
    });
    expect((await board.ask('/api/v1/session')).status).toBe(401);
    expect((await board.ask('/api/v1/session', { headers: { 'x-test': 'yes' } })).json.user).toBe(
      'host-user',
    );
  });
});

describe('tasks', async () => {
  const board = await runDashboard({ privateTasks: ['secret.*'] });
  await addUsers(board.store);
  const tokens = await addTokens(board.store);
  const as = (role: 'viewer' | 'operator', path: string) =>
    board.ask(`/api/v1${path}`, { headers: { authorization: `Bearer ${tokens[role]}` } });
  await execute(
    board.databaseUrl,
    `INSERT INTO tasks_backgroundtask (id, task_id, type, input, options, root_id) VALUES
      ('1', 't1', 'secret.mail', '{"args": ["canary-arg"], "kwargs": {"to": "canary-kwarg"}}', '{}', 't1'),
      ('2', 't2', 'open.mail', '{"args": ["seen"], "kwargs": {}}', '{}', 't2')`,
  );

  it('are listed, counted and shown', async () => {
    expect((await as('operator', '/tasks')).json.items.map(({ id }: { id: string }) => id).sort()).toEqual([
      't1',
      't2',
    ]);
    expect((await as('operator', '/tasks/counts')).json.total).toEqual({ value: 2, exact: true });
    expect((await as('operator', '/tasks/t1')).text).toContain('canary-arg');
    expect((await as('operator', '/tasks/t1/family')).json).toMatchObject({ rootId: 't1', size: 1 });
    expect((await as('operator', '/tasks/none')).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await as('operator', '/tasks?limit=0')).json).toMatchObject({
      status: 400,
      errors: [{ at: 'limit' }],
    });
  });

  it('hide from viewers what is private, also from a search for it', async () => {
    for (const path of ['/tasks', '/tasks/t1', '/tasks?q=canary-arg']) {
      const { text, status } = await as('viewer', path);
      expect([status, text]).toEqual([200, expect.not.stringContaining('canary')]);
    }
    expect((await as('viewer', '/tasks?q=canary-arg')).json.items).toEqual([]);
    expect((await as('viewer', '/tasks?q=seen')).json.items).toHaveLength(1);
    expect((await as('viewer', '/tasks/counts?q=canary-arg')).json.code).toBe('FORBIDDEN');
  });
});
