import { describe, expect, it } from 'vitest';
import { addTokens, addUsers, PASSWORD, runDashboard, sameOrigin, signIn } from './support/dashboard.js';

const SESSION = '/api/v1/session';

describe('without users', async () => {
  const board = await runDashboard();

  it('lets this machine in as admin', async () => {
    expect((await board.ask(SESSION)).json).toEqual({
      user: 'local',
      role: 'admin',
      csrf: null,
      canSignOut: false,
    });
  });

  it('refuses names of others, so that a page cannot point its own name here', async () => {
    const answer = await board.ask(SESSION, { headers: { host: 'evil.example' } });
    expect(answer).toMatchObject({ status: 421, json: { code: 'HOST_REFUSED' } });
    expect((await board.ask(SESSION, { headers: { host: 'localhost:5555' } })).status).toBe(200);
  });

  it.each(['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'])(
    'refuses whom a proxy stands for: %s',
    async (name) => {
      expect((await board.ask(SESSION, { headers: { [name]: '127.0.0.1' } })).status).toBe(401);
    },
  );
});

describe('with users', async () => {
  const board = await runDashboard();
  await addUsers(board.store);
  const tokens = await addTokens(board.store);

  it('is closed for who is not signed in', async () => {
    const answer = await board.ask('/api/v1/tasks');
    expect(answer).toMatchObject({ status: 401, json: { code: 'SIGN_IN_REQUIRED', status: 401 } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  it('signs in with a cookie that scripts, other sites and plain http do not get', async () => {
    const answer = await board.ask(SESSION, {
      method: 'POST',
      body: { user: 'operator', password: PASSWORD },
      headers: sameOrigin,
    });
    expect(answer.json).toMatchObject({ user: 'operator', role: 'operator', canSignOut: true });
    expect(answer.headers['set-cookie']?.[0]).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await board.ask(SESSION, { headers: { cookie } })).json).toMatchObject({ user: 'operator' });
  });

  it('signs out for good: the cookie is worth nothing afterwards', async () => {
    const headers = { ...(await signIn(board, 'viewer')), ...sameOrigin };
    expect((await board.ask(SESSION, { headers })).status).toBe(200);
    expect((await board.ask(SESSION, { method: 'DELETE', headers })).json).toEqual({ signedOut: true });
    expect((await board.ask(SESSION, { headers })).status).toBe(401);
  });

  it('takes no cookie that was changed by one character', async () => {
    const { cookie } = await signIn(board, 'viewer');
    const [name, value = ''] = cookie.split('=');
    const [payload = '', mac = ''] = value.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, user: 'admin' })).toString('base64url');
    for (const other of [`${forged}.${mac}`, `${payload}.${mac.slice(0, -2)}AA`, payload, '', '.', 'a.b'])
      expect((await board.ask(SESSION, { headers: { cookie: `${name}=${other}` } })).status).toBe(401);
  });

  it('knows programs by their token', async () => {
    for (const role of ['viewer', 'operator', 'admin'] as const) {
      const headers = { authorization: `Bearer ${tokens[role]}` };
      expect((await board.ask(SESSION, { headers })).json).toMatchObject({
        role,
        user: role,
        canSignOut: false,
      });
    }
    expect((await board.ask(SESSION, { headers: { authorization: 'Bearer wt_wrong' } })).status).toBe(401);
  });

  it('knows programs that send name and password, as they do to Flower', async () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect((await board.ask(SESSION, { headers: basic(`viewer:${PASSWORD}`) })).json).toMatchObject({
      role: 'viewer',
    });
    expect((await board.ask(SESSION, { headers: basic('viewer:wrong') })).json.code).toBe('SIGN_IN_FAILED');
  });
});

describe('wrong passwords', async () => {
  const board = await runDashboard();
  await addUsers(board.store);
  const tryPassword = (user: string, password: string) =>
    board.ask(SESSION, { method: 'POST', body: { user, password }, headers: sameOrigin });

  it('are answered ten times a minute, the same for a user that is none; then even the right one waits', async () => {
    const bodies = new Set<string>();
    for (let attempt = 0; attempt < 10; attempt += 1)
      bodies.add((await tryPassword(attempt % 2 === 0 ? 'admin' : 'nobody', 'guess')).text);
    expect([...bodies]).toEqual([expect.stringContaining('SIGN_IN_FAILED')]);
    const late = await tryPassword('admin', PASSWORD);
    expect(late).toMatchObject({ status: 429, json: { code: 'TOO_MANY_TRIES' } });
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
  });
});
