import { userInfo } from 'node:os';
import { ToolboxError } from '../../base/index.js';
import {
  type ActionReport,
  Actions,
  type Actor,
  type Database,
  listQuarantine,
  showQuarantine,
} from '../../platform/index.js';
import type { Celery } from '../../toolbox/index.js';
import { appFrom } from '../app-from.js';
import type { CliContext } from '../context.js';
import { CommandFailed } from '../failure.js';
import type { GlobalOptions } from '../options/global-options.js';
import { printable, printJson, table } from '../output.js';
import { platformDatabase } from '../platform-access.js';

export interface QuarantineFlags extends GlobalOptions {
  readonly database?: string;
  readonly json?: boolean;
  readonly queue?: string;
  readonly code?: string;
  readonly task?: string;
  readonly limit?: number;
  readonly note?: string;
  readonly args?: string;
  readonly kwargs?: string;
  readonly headers?: string;
  readonly body?: string;
}

type Verb = (ids: readonly string[], flags: QuarantineFlags, context: CliContext) => Promise<void>;

/** Whoever may run commands here is an operator; the audit names the account. */
const operator = (): Actor => ({ user: `${userInfo().username} (command line)`, role: 'operator' });

export const QUARANTINE_VERBS = {
  list: (_, flags, context) =>
    withPlatform(flags, async ({ database }) => {
      const { queue, code, task, limit } = flags;
      const page = await listQuarantine(database, { queue, code, task, limit });
      if (flags.json) return printJson(context, page);
      if (page.items.length === 0) return void context.out.write('Nothing is in quarantine.\n');
      const rows = page.items.map((item) => [
        item.id,
        item.lastSeen,
        item.queue,
        item.code,
        String(item.count),
        item.taskName ?? '?',
        item.reason.slice(0, 80),
      ]);
      context.out.write(
        `${table([['ID', 'LAST SEEN', 'QUEUE', 'CODE', 'COUNT', 'TASK', 'REASON'], ...rows])}\n`,
      );
      const more = page.next === null ? '' : '; more with a larger --limit';
      const sums = page.groups.map((group) => `${group.count} ${group.queue} ${group.code}`);
      context.out.write(`${sums.join(', ')}${more}\n`);
    }),
  show: ([id = ''], flags, context) =>
    withPlatform(flags, async ({ database }) => {
      const found = await showQuarantine(database, id);
      if (found === undefined) throw missing(id);
      if (flags.json) return printJson(context, found);
      const { body, headers, properties, ...facts } = found;
      for (const [name, value] of Object.entries(facts))
        context.out.write(`${name}: ${printable(String(value))}\n`);
      context.out.write(
        `headers: ${printable(JSON.stringify(headers))}\nproperties: ${printable(JSON.stringify(properties))}\n`,
      );
      context.out.write(body.text === null ? `body (hex): ${body.hex}\n` : `body: ${printable(body.text)}\n`);
    }),
  replay: (ids, flags, context) =>
    act(flags, context, (actions) => actions.perform('quarantine.replay', ids, {}, operator())),
  edit: (ids, flags, context) => {
    const edits = {
      ...given('args', flags.args),
      ...given('kwargs', flags.kwargs),
      ...given('headers', flags.headers),
      ...(flags.body !== undefined && { body: flags.body }),
    };
    return act(flags, context, (actions) => actions.perform('quarantine.replay', ids, { edits }, operator()));
  },
  discard: (ids, flags, context) =>
    act(flags, context, (actions) =>
      actions.perform('quarantine.discard', ids, { note: flags.note }, operator()),
    ),
} satisfies Record<string, Verb>;

export type QuarantineVerb = keyof typeof QUARANTINE_VERBS;

function given(name: string, text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    return { [name]: JSON.parse(text) as unknown };
  } catch (cause) {
    throw new ToolboxError('CONFIG_INVALID', `--${name}: expected JSON`, { cause, fields: { option: name } });
  }
}

const missing = (id: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `${id} is not in quarantine (any more)`, { fields: { id } });

async function act(
  flags: QuarantineFlags,
  context: CliContext,
  work: (actions: Actions) => Promise<ActionReport>,
): Promise<void> {
  const report = await withPlatform(flags, (parts) => work(new Actions(parts)));
  if (flags.json) printJson(context, report);
  else {
    for (const { id, outcome, message, newId } of report.items) {
      context.out.write(
        `${id}: ${outcome}: ${printable(message)}${newId === undefined ? '' : ` (${newId})`}\n`,
      );
    }
  }
  if (report.items.some(({ outcome }) => outcome !== 'done')) throw new CommandFailed();
}

async function withPlatform<T>(
  flags: QuarantineFlags,
  work: (parts: { readonly app: Celery; readonly database: Database }) => Promise<T>,
): Promise<T> {
  const app = await appFrom(flags);
  const database = platformDatabase(app, flags.database);
  try {
    return await work({ app, database });
  } finally {
    await Promise.allSettled([app.close(), database.close()]);
  }
}
