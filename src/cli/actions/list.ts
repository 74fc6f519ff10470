import { hasCode } from '../../base/index.js';
import type { Celery } from '../../toolbox/index.js';
import { appFrom } from '../app-from.js';
import { type BrokerBinding, brokerBindings } from '../broker-bindings.js';
import type { CliContext } from '../context.js';
import type { GlobalOptions } from '../options/global-options.js';
import { printJson, table } from '../output.js';

export interface ListFlags extends GlobalOptions {
  readonly json?: boolean;
  readonly brokerApi?: string;
}

export async function runList(
  what: 'queues' | 'bindings',
  { json = false, brokerApi, ...flags }: ListFlags,
  context: CliContext,
): Promise<void> {
  const app = await appFrom(flags);
  try {
    const rows: readonly Readonly<Record<string, string | number | null>>[] =
      what === 'bindings'
        ? ((await brokerBindings(app, brokerApi)) ?? declared(app))
        : await Promise.all(
            app.queues.map(async ({ name }) => ({ queue: name, messages: await waiting(name) })),
          );
    if (json) return printJson(context, rows);
    const [first = {}] = rows;
    const cells = rows.map((row) => Object.values(row).map((value) => String(value ?? '-')));
    context.out.write(`${table([Object.keys(first), ...cells])}\n`);
  } finally {
    await app.close();
  }

  /** Null for a queue that does not exist yet. */
  async function waiting(queue: string): Promise<number | null> {
    try {
      return await (await app.broker()).size(queue);
    } catch (error) {
      if (hasCode(error, 'NOT_DECLARED')) return null;
      throw error;
    }
  }
}

/** What the app itself declares. */
const declared = (app: Celery): readonly BrokerBinding[] =>
  app.queues.map(({ name, exchange, routingKey }) => ({
    queue: name,
    exchange: exchange.name,
    routing_key: routingKey,
  }));
