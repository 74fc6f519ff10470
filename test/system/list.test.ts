import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Celery } from '../../src/index.js';
import { describeRabbitmq } from '../support/rabbitmq.js';
import { describeRedis } from '../support/redis.js';
import { appFolder } from './support/app-folder.js';
import { cli } from './support/cli.js';

/** The command line's view of an app that knows one queue of an exchange, while the broker knows two. */
async function listed(settings: Readonly<Record<string, unknown>>, ...args: readonly string[]) {
  const exchange = `x${randomUUID().slice(0, 8)}`;
  const queue = (name: string) => ({
    name: `${exchange}-${name}`,
    exchange: { name: exchange, type: 'topic' },
    routingKey: `${name}.#`,
  });
  const both = new Celery('both').configFromObject({
    ...settings,
    task_queues: [queue('one'), queue('two')],
  });
  await (await both.broker()).declare(both.queues);
  await both.close();
  const cwd = await appFolder({
    'app.mjs': `
import { Celery } from 'cadasta-workertoolbox';
export const app = new Celery('one').configFromObject(${JSON.stringify({ ...settings, task_queues: [queue('one')] })});`,
  });
  const { code, out, err } = await cli(['-A', 'app.mjs', 'list', 'bindings', '--json', ...args], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const rows = JSON.parse(out) as readonly { readonly queue: string; readonly routing_key: string }[];
  return rows
    .filter(({ queue: name }) => name.startsWith(exchange))
    .map(({ queue: name, routing_key }) => [name.replace(exchange, ''), routing_key])
    .sort();
}

const BOTH = [
  ['-one', 'one.#'],
  ['-two', 'two.#'],
];

describeRedis('list bindings on Redis', (place) => {
  test('tells what any program has bound', async () => {
    const { url, prefix } = place();
    const settings = { broker_url: url, broker_transport_options: { global_keyprefix: prefix } };
    expect(await listed(settings)).toEqual(BOTH);
  });
});

describeRabbitmq('list bindings on RabbitMQ', (vhost) => {
  test('tells what the app declares, and with the management what any program has bound', async () => {
    const settings = { broker_url: vhost().url };
    expect(await listed(settings)).toEqual([['-one', 'one.#']]);
    const api = process.env.WORKERTOOLBOX_TEST_AMQP_API ?? '';
    expect(await listed(settings, '--broker-api', api)).toEqual(BOTH);
  });
});

describe('grant-beat', () => {
  test('prints what it would run', async () => {
    const { code, out } = await cli(['grant-beat', 'ticker', '--print-sql']);
    expect(code).toBe(0);
    expect(out).toContain('GRANT SELECT, INSERT, UPDATE, DELETE ON workertoolbox.beat_entry TO "ticker";');
  });
});
