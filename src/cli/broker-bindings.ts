import { messageOf, ToolboxError } from '../base/index.js';
import type { Celery } from '../toolbox/index.js';

export type BrokerBinding = {
  readonly queue: string;
  readonly exchange: string;
  readonly routing_key: string;
};

/**
 * What is bound at the broker, by whichever program: of the app's exchanges where the broker tells its clients (Redis), of the whole
 * virtual host where `api` is the address of RabbitMQ's management. Undefined where nobody tells.
 */
export async function brokerBindings(
  app: Celery,
  api: string | undefined,
): Promise<readonly BrokerBinding[] | undefined> {
  const broker = await app.broker();
  if (api !== undefined) return managed(api, new URL(app.conf.broker_url ?? 'amqp://localhost//'));
  if (broker.bindings === undefined) return undefined;
  const exchanges = [...new Set(app.queues.map(({ exchange }) => exchange.name))].filter(Boolean);
  const found = await Promise.all(
    exchanges.map(async (exchange) =>
      ((await broker.bindings?.(exchange)) ?? []).map(({ queue, routingKey }) => ({
        queue,
        exchange,
        routing_key: routingKey,
      })),
    ),
  );
  return found.flat();
}

interface ManagedBinding {
  readonly source: string;
  readonly destination: string;
  readonly destination_type: string;
  readonly routing_key: string;
}

/** Asks the management plugin; user and virtual host are those of the broker's URL unless the address has a user of its own. */
async function managed(api: string, broker: URL): Promise<readonly BrokerBinding[]> {
  const { origin, pathname, username, password } = new URL(api);
  const [user, secret] = username === '' ? [broker.username, broker.password] : [username, password];
  const vhost = broker.pathname.length > 1 ? broker.pathname.slice(1) : '%2F';
  const url = `${origin}${pathname.replace(/\/(api\/?)?$/, '')}/api/bindings/${vhost === '/' ? '%2F' : vhost}`;
  const credentials = `${decodeURIComponent(user)}:${decodeURIComponent(secret)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const response = await fetch(url, { headers: { authorization } }).catch((cause: unknown) => {
    throw new ToolboxError('BROKER_UNREACHABLE', `--broker-api ${origin}: ${messageOf(cause)}`, { cause });
  });
  if (!response.ok) {
    throw new ToolboxError(
      'BROKER_REFUSED',
      `--broker-api ${origin}: it answered ${response.status}; its user needs the tag management and rights on the virtual host`,
    );
  }
  return ((await response.json()) as readonly ManagedBinding[])
    .filter(({ source, destination_type: type }) => source !== '' && type === 'queue')
    .map(({ source: exchange, destination: queue, routing_key }) => ({ queue, exchange, routing_key }));
}
