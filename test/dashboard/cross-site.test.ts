import { describe, expect, it } from 'vitest';
import { type Ask, addTokens, addUsers, runDashboard, sameOrigin, signIn } from './support/dashboard.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const BODY = JSON.stringify({ targets: ['a'] });

/** What another site can make a browser send, cookie and all. */
const FORGED: readonly [name: string, ask: Ask][] = [
  ['nothing said of the sender', { headers: JSON_TYPE, body: BODY }],
  [
    'a form',
    {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...{ 'sec-fetch-site': 'cross-site' } },
      body: 'targets=a',
    },
  ],
  [
    'a form without fetch metadata',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'targets=a' },
  ],
  [
    'a form of an upload',
    { headers: { 'content-type': 'multipart/form-data; boundary=x', ...sameOrigin }, body: '--x--' },
  ],
  ['text/plain from our own page', { headers: { 'content-type': 'text/plain', ...sameOrigin }, body: BODY }],
  [
    'JSON in disguise',
    { headers: { 'content-type': 'text/plain;application/json', ...sameOrigin }, body: BODY },
  ],
  ['no content type', { headers: sameOrigin, body: BODY }],
  ['cross-site', { headers: { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, body: BODY }],
  [
    'same-site: a neighbour below the same domain',
    { headers: { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, body: BODY },
  ],
  ['typed by hand', { headers: { ...JSON_TYPE, 'sec-fetch-site': 'none' }, body: BODY }],
  ['another origin', { headers: { ...JSON_TYPE, origin: 'https://evil.example' }, body: BODY }],
  [
    'an origin that begins like ours',
    { headers: { ...JSON_TYPE, origin: 'http://HOST.evil.example' }, body: BODY },
  ],
  ['our host by another scheme', { headers: { ...JSON_TYPE, origin: 'https://HOST' }, body: BODY }],
  ['our host at another port', { headers: { ...JSON_TYPE, origin: 'http://127.0.0.1:1' }, body: BODY }],
  ['origin null, as of a sandboxed frame', { headers: { ...JSON_TYPE, origin: 'null' }, body: BODY }],
  ['an empty origin', { headers: { ...JSON_TYPE, origin: '' }, body: BODY }],
];
const TARGETS = [
  ['POST', '/api/v1/actions/task.revoke'],
  ['POST', '/api/v1/bulk'],
  ['DELETE', '/api/v1/session'],
] as const;

describe('requests that another site makes a browser send', async () => {
  const board = await runDashboard();
  await addUsers(board.store);
  const tokens = await addTokens(board.store);
  const host = board.url.replace('http://', '');
  const cases = FORGED.flatMap(([name, ask]) =>
    TARGETS.map(([method, path]) => ({ name, ask, method, path })),
  );

  it.each(cases)('$method $path: $name', async ({ ask, method, path }) => {
    const { cookie } = await signIn(board, 'admin');
    const headers = Object.fromEntries(
      Object.entries(ask.headers ?? {}).map(([name, value]) => [name, value.replace('HOST', host)]),
    );
    const answer = await board.ask(path, { ...ask, method, headers: { ...headers, cookie } });
    expect(answer.json.code).toBe('CROSS_SITE');
    // Nothing was done: the session is still there.
    expect((await board.ask('/api/v1/session', { headers: { cookie } })).status).toBe(200);
  });

  it('lets our own page through, told by either header', async () => {
    const { cookie } = await signIn(board, 'admin');
    for (const own of [sameOrigin, { origin: board.url }])
      expect(
        (
          await board.ask('/api/v1/actions/no.such', {
            method: 'POST',
            headers: { ...JSON_TYPE, ...own, cookie },
            body: BODY,
          })
        ).json.code,
      ).toBe('NOT_FOUND');
  });

  it('lets programs through by their token, but not with one from another page', async () => {
    const headers = { ...JSON_TYPE, authorization: `Bearer ${tokens.admin}` };
    const send = (more: Record<string, string>) =>
      board.ask('/api/v1/actions/no.such', { method: 'POST', headers: { ...headers, ...more }, body: BODY });
    expect((await send({})).json.code).toBe('NOT_FOUND');
    expect((await send({ origin: 'https://evil.example' })).json.code).toBe('CROSS_SITE');
  });

  it('gives other sites no right to read', async () => {
    const answer = await board.ask('/api/v1/session', { headers: { origin: 'https://evil.example' } });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await board.ask('/api/v1/bulk', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBeGreaterThanOrEqual(400);
  });
});
