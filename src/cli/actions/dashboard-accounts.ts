import { text } from 'node:stream/consumers';
import { silentLogger, ToolboxError } from '../../base/index.js';
import {
  type AccountStore,
  fileAccounts,
  hashPassword,
  newApiToken,
  postgresAccounts,
} from '../../dashboard/index.js';
import { postgresDatabase } from '../../platform/index.js';
import type { CliContext } from '../context.js';
import { databaseUrl } from '../database-admin.js';
import { printable } from '../output.js';
import type { AccountFlags } from './dashboard.js';

interface Order {
  readonly what: 'add' | 'list' | 'remove' | 'password';
  readonly kind: 'user' | 'token';
  readonly name: string;
  readonly flags: AccountFlags;
}

export async function runAccounts(order: Order, context: CliContext): Promise<void> {
  const { usersFile } = order.flags;
  if (usersFile !== undefined) return change(fileAccounts(usersFile), order, context);
  const database = postgresDatabase({
    url: await databaseUrl(order.flags),
    logger: silentLogger,
    connections: 1,
  });
  try {
    await change(postgresAccounts(database), order, context);
  } finally {
    await database.close();
  }
}

async function change(
  store: AccountStore,
  { what, kind, name, flags }: Order,
  { out }: CliContext,
): Promise<void> {
  const accounts = (await store.load()).accounts.filter((one) => one.kind === kind);
  const known = accounts.find((one) => one.name === name);
  if (what === 'list') {
    const shown = accounts.map((one) => ({ name: one.name, role: one.role, created: one.created }));
    const lines = shown.map((one) => `${printable(one.name)}\t${one.role}\t${one.created}`);
    out.write(flags.json ? `${JSON.stringify(shown)}\n` : lines.map((line) => `${line}\n`).join(''));
    return;
  }
  if (what === 'remove') {
    if (!(await store.remove(kind, name))) throw unknown(kind, name, store);
    out.write(`${kind} ${name} removed\n`);
    return;
  }
  if (what === 'password' && known === undefined) throw unknown(kind, name, store);
  if (what === 'add' && known !== undefined)
    throw new ToolboxError('CONFIG_INVALID', `there is a ${kind} ${name} already in ${store.place}`);
  const created = known?.created ?? new Date().toISOString();
  const role = known?.role ?? flags.role;
  if (kind === 'token') {
    const { token, hash } = newApiToken();
    await store.put({ kind, name, role, secret: hash, created });
    out.write(`${token}\n`);
    return;
  }
  await store.put({ kind, name, role, secret: await hashPassword(await readPassword()), created });
  out.write(what === 'add' ? `user ${name} added as ${role}\n` : `password of ${name} changed\n`);
}

/** One line of standard input. On a terminal it is asked for. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) {
    const { promptPassword } = await import('../prompt-password.js');
    return promptPassword();
  }
  return (await text(process.stdin)).replace(/\r?\n[\s\S]*$/, '');
}

const unknown = (kind: string, name: string, { place }: AccountStore): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `there is no ${kind} ${name} in ${place}`);
