import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/dashboard/routes/routes.js';
import { ACTIONS, ROLES, type Role } from '../../src/platform/index.js';
import { addTokens, addUsers, runDashboard } from './support/dashboard.js';

const WHO = ['nobody', ...ROLES] as const;
const allowed = (who: (typeof WHO)[number], needs: Role | 'anyone'): boolean =>
  needs === 'anyone' || (who !== 'nobody' && ROLES.indexOf(who) >= ROLES.indexOf(needs));

/** What each path needs, written down a second time: a route that grows laxer is noticed. */
const NEEDS: Readonly<Record<string, Role | 'anyone'>> = {
  'GET /session': 'viewer',
  'POST /session': 'anyone',
  'DELETE /session': 'anyone',
  'GET /overview': 'viewer',
  'GET /types': 'viewer',
  'GET /types/:name': 'viewer',
  'GET /tasks': 'viewer',
  'GET /tasks/counts': 'viewer',
  'GET /tasks/export.csv': 'viewer',
  'GET /tasks/export.ndjson': 'viewer',
  'GET /tasks/:id': 'viewer',
  'GET /tasks/:id/family': 'viewer',
  'GET /queues': 'viewer',
  'GET /queues/:name': 'viewer',
  'GET /workers': 'viewer',
  'GET /workers/:name': 'viewer',
  'GET /schedules': 'viewer',
  'GET /quarantine': 'viewer',
  'GET /quarantine/:id': 'operator',
  'GET /audit': 'operator',
  'POST /actions/:action': 'operator',
  'POST /bulk': 'operator',
  'GET /bulk/:id': 'viewer',
  'POST /bulk/:id/stop': 'operator',
  'GET /system': 'operator',
  'GET /users': 'admin',
  'GET /stream': 'viewer',
};

describe('the table of roles', async () => {
  const board = await runDashboard();
  await addUsers(board.store);
  const tokens = await addTokens(board.store);
  const headersOf = (who: (typeof WHO)[number]): Record<string, string> =>
    who === 'nobody' ? { 'sec-fetch-site': 'same-origin' } : { authorization: `Bearer ${tokens[who]}` };

  it('names every route', () => {
    expect(ROUTES.map(({ method, path }) => `${method} ${path}`)).toEqual(Object.keys(NEEDS));
  });

  it.each(Object.entries(NEEDS).flatMap(([route, needs]) => WHO.map((who) => ({ route, who, needs }))))(
    '$route as $who (needs $needs)',
    async ({ route, who, needs }) => {
      const [method = '', path = ''] = route.split(' ');
      // The stream does not end by itself.
      if (path === '/stream' && allowed(who, needs)) return;
      const { status } = await board.ask(`/api/v1${path.replace(/:\w+/, 'x')}`, {
        method,
        headers: headersOf(who),
      });
      if (!allowed(who, needs)) expect(status).toBe(who === 'nobody' ? 401 : 403);
      else if (route !== 'POST /session') expect([401, 403]).not.toContain(status);
    },
  );

  it.each(Object.entries(ACTIONS).flatMap(([action, needs]) => WHO.map((who) => ({ action, who, needs }))))(
    'action $action as $who (needs $needs)',
    async ({ action, who, needs }) => {
      const { status } = await board.ask(`/api/v1/actions/${action}`, {
        method: 'POST',
        headers: headersOf(who),
        body: { targets: ['no-such-thing'] },
      });
      if (!allowed(who, needs)) expect(status).toBe(who === 'nobody' ? 401 : 403);
      else expect([401, 403]).not.toContain(status);
    },
  );
});
