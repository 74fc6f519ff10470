import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { messageOf, newId, ToolboxError } from '../../base/index.js';
import { role } from '../../platform/index.js';
import type { AccountStore } from './account-store.js';

const content = z.object({
  key: z.string().min(40),
  accounts: z.array(
    z.object({
      kind: z.enum(['user', 'token']),
      name: z.string(),
      role,
      secret: z.string(),
      created: z.string(),
    }),
  ),
  ended: z.record(z.string(), z.number()),
});
type Content = z.infer<typeof content>;

/** Accounts in a JSON file of this user alone. Replaced as a whole, so that a reader never sees half of it. */
export function fileAccounts(path: string): AccountStore {
  let line = Promise.resolve();
  /** One change after the other. */
  const change = <T>(edit: (now: Content) => { next: Content; answer: T }): Promise<T> => {
    const run = line.then(async () => {
      const { next, answer } = edit(await read(path));
      await write(path, next);
      return answer;
    });
    line = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  };
  return {
    place: path,
    load: async () => {
      const { key, accounts, ended } = await read(path);
      return { key, accounts, ended: new Set(Object.keys(ended)) };
    },
    put: (account) =>
      change((now) => ({
        next: { ...now, accounts: [...others(now, account), account] },
        answer: undefined,
      })),
    remove: (kind, name) =>
      change((now) => {
        const accounts = others(now, { kind, name });
        return { next: { ...now, accounts }, answer: accounts.length < now.accounts.length };
      }),
    endSession: (id, until) =>
      change((now) => {
        const live = Object.entries(now.ended).filter(([, end]) => end > Date.now());
        return { next: { ...now, ended: { ...Object.fromEntries(live), [id]: until } }, answer: undefined };
      }),
  };
}

const others = (now: Content, { kind, name }: { kind: string; name: string }): Content['accounts'] =>
  now.accounts.filter((one) => one.kind !== kind || one.name !== name);

async function read(path: string): Promise<Content> {
  try {
    return content.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isMissing(error)) return create(path);
    throw new ToolboxError('CONFIG_INVALID', `${path} is no file of dashboard users: ${messageOf(error)}`, {
      cause: error,
      fields: { path },
    });
  }
}

/** The key is kept from the first look on: two readers must agree on it. */
async function create(path: string): Promise<Content> {
  const fresh: Content = { key: randomBytes(32).toString('base64url'), accounts: [], ended: {} };
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, JSON.stringify(fresh, null, 2), { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return read(path);
    throw error;
  }
}

async function write(path: string, next: Content): Promise<void> {
  const beside = `${path}.${newId()}`;
  await writeFile(beside, JSON.stringify(next, null, 2), { mode: 0o600 });
  await rename(beside, path);
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
