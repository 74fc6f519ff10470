import { deleteCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { sessionView } from '../../platform/index.js';
import { SESSION_COOKIE, SESSION_MS } from '../auth/session-cookie.js';
import type { DashboardContext } from '../http/environment.js';
import { route } from './route.js';

const credentials = z.strictObject({ user: z.string().max(200), password: z.string().max(1000) });

export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/session',
    summary: 'Who asks, and in which role',
    access: 'viewer',
    answer: sessionView,
    handle: async ({ who: { user, role, via } }) => ({
      user,
      role,
      csrf: null,
      canSignOut: via === 'session',
    }),
  }),
  route({
    method: 'POST',
    path: '/session',
    summary: 'Sign in: answers with a cookie that lasts twelve hours',
    access: 'anyone',
    body: credentials,
    answer: sessionView,
    handle: async ({ body: { user, password }, services: { gate, logger }, context }) => {
      const account = await gate.signIn(user, password, context.var.client.address);
      const { value } = await gate.session(account);
      setCookie(context, SESSION_COOKIE, value, { ...cookieScope(context), maxAge: SESSION_MS / 1000 });
      logger.info({ user, role: account.role }, 'dashboard: signed in');
      return { user, role: account.role, csrf: null, canSignOut: true };
    },
  }),
  route({
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    access: 'anyone',
    answer: z.object({ signedOut: z.boolean() }),
    handle: async ({ services: { gate }, context }) => {
      const session = context.var.principal?.session;
      if (session !== undefined) await gate.endSession(session);
      deleteCookie(context, SESSION_COOKIE, cookieScope(context));
      return { signedOut: session !== undefined };
    },
  }),
] as const;

const cookieScope = ({ var: { client } }: DashboardContext) =>
  ({ path: client.prefix || '/', httpOnly: true, sameSite: 'Strict', secure: client.secure }) as const;
