import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../../base/index.js';
import type { Account } from './account-store.js';
import type { Principal } from './principal.js';

export const SESSION_COOKIE = 'workertoolbox_session';
/** Milliseconds a sign-in lasts. */
export const SESSION_MS = 12 * 3600 * 1000;

const claims = z.object({ id: z.string(), user: z.string(), until: z.number(), stamp: z.string() });

/** A session as its cookie carries it: signed, and bound to the password it began with. */
export function newSession(account: Account, key: string, now: number): { value: string; until: number } {
  const until = now + SESSION_MS;
  const payload = Buffer.from(
    JSON.stringify({ id: newId(), user: account.name, until, stamp: stampOf(account) }),
  ).toString('base64url');
  return { value: `${payload}.${signature(payload, key)}`, until };
}

/** Whose session it is; undefined when it is not ours, over, ended, or older than the user's password. */
export function readSession(
  value: string,
  { key, users, ended }: { key: string; users: ReadonlyMap<string, Account>; ended: ReadonlySet<string> },
  now: number,
): Principal | undefined {
  const [payload = '', mac = ''] = value.split('.');
  if (key === '' || !same(mac, signature(payload, key))) return undefined;
  const { id, user, until, stamp } = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  const account = users.get(user);
  if (account === undefined || until <= now || ended.has(id) || stamp !== stampOf(account)) return undefined;
  return { user, role: account.role, via: 'session', session: { id, until } };
}

const stampOf = ({ secret }: Account): string =>
  createHash('sha256').update(secret).digest('base64url').slice(0, 16);

const signature = (payload: string, key: string): string =>
  createHmac('sha256', key).update(payload).digest('base64url');

const same = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};
