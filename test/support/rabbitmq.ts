import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { silentLogger, systemClock } from '../../src/base/index.js';
import type { TransportContext } from '../../src/messaging/index.js';

/** The reason a test without RabbitMQ is skipped with. In CI this is a failure. */
export const NO_RABBITMQ =
  'needs RabbitMQ with its management API: set WORKERTOOLBOX_TEST_AMQP_URL and WORKERTOOLBOX_TEST_AMQP_API';

interface ConnectionRow {
  readonly name: string;
  readonly user_provided_name?: string;
}

/** A virtual host of its own for one test file. */
export interface Vhost {
  readonly name: string;
  /** `amqp://` with this virtual host. */
  readonly url: string;
  /** The URL as another user, or of another virtual host. */
  urlFor(change: { readonly user?: string; readonly password?: string; readonly vhost?: string }): string;
  /** How many connections with one of these names (of ours: `publish`, `consume`) the broker shows; it is seconds late. */
  countConnections(...names: string[]): Promise<number>;
  /** Closes them by force; returns how many. */
  closeConnections(...names: string[]): Promise<number>;
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  remove(): Promise<void>;
}

/** True when the tests were told of a RabbitMQ. */
export const hasRabbitmq = (): boolean =>
  process.env.WORKERTOOLBOX_TEST_AMQP_URL !== undefined &&
  process.env.WORKERTOOLBOX_TEST_AMQP_API !== undefined;

export async function createVhost(): Promise<Vhost> {
  const amqp = new URL(required('WORKERTOOLBOX_TEST_AMQP_URL'));
  const base = required('WORKERTOOLBOX_TEST_AMQP_API').replace(/\/$/, '');
  const user = decodeURIComponent(amqp.username) || 'guest';
  const password = decodeURIComponent(amqp.password) || 'guest';
  const name = `test-${randomUUID().slice(0, 8)}`;

  const api = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok && response.status !== 404) throw new Error(`${method} ${path}: ${response.status}`);
    const text = await response.text();
    return text === '' || response.status === 404 ? undefined : JSON.parse(text);
  };
  const urlFor: Vhost['urlFor'] = (change) => {
    const as = `${encodeURIComponent(change.user ?? user)}:${encodeURIComponent(change.password ?? password)}`;
    return `amqp://${as}@${amqp.host}/${encodeURIComponent(change.vhost ?? name)}`;
  };
  const connections = async (names: readonly string[]): Promise<ConnectionRow[]> => {
    const rows = ((await api('GET', `/api/vhosts/${name}/connections`)) ?? []) as ConnectionRow[];
    return rows.filter((row) => names.some((one) => row.user_provided_name?.startsWith(`${one}@`)));
  };
  await api('PUT', `/api/vhosts/${name}`);
  await api('PUT', `/api/permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  return {
    name,
    url: urlFor({}),
    urlFor,
    api,
    countConnections: async (...names) => (await connections(names)).length,
    closeConnections: async (...names) => {
      const chosen = await connections(names);
      await Promise.all(
        chosen.map((row) => api('DELETE', `/api/connections/${encodeURIComponent(row.name)}`)),
      );
      return chosen.length;
    },
    remove: async () => void (await api('DELETE', `/api/vhosts/${name}`)),
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(NO_RABBITMQ);
  return value;
}

/** A group of tests that needs RabbitMQ; without one it is skipped, and says why. */
export function describeRabbitmq(name: string, body: (vhost: () => Vhost) => void): void {
  if (!hasRabbitmq()) {
    describe.skip(`${name} (${NO_RABBITMQ})`, () => {
      it('runs against RabbitMQ', () => {});
    });
    return;
  }
  describe(name, () => {
    let vhost: Vhost | undefined;
    beforeAll(async () => {
      vhost = await createVhost();
    });
    afterAll(() => vhost?.remove());
    body(() => {
      if (vhost === undefined) throw new Error('the virtual host is made before the tests run');
      return vhost;
    });
  });
}

/** The context transports are made from. */
export const amqpContext = (url: string, options: Record<string, unknown> = {}): TransportContext => ({
  url,
  options,
  logger: silentLogger,
  clock: systemClock,
});
