import type { TransportContext, TransportFactory } from '../../messaging/index.js';
import { BROKER, parseRedisUrl, refuseContradictions } from '../../redis/index.js';
import { moduleBeside, type RenewalsSource, VirtualTransport } from '../virtual/index.js';
import { Arrivals } from './arrivals.js';
import { BindingDirectory } from './binding-directory.js';
import { Broadcasts } from './broadcasts.js';
import { type BrokerConnection, brokerConnection, brokerDial } from './broker-connection.js';
import { Deliveries } from './deliveries.js';
import { Keys } from './keys.js';
import { Listener } from './listener.js';
import { parseRedisOptions } from './redis-options.js';
import { RedisStore } from './redis-store.js';
import type { RenewalsData } from './renewals.js';
import { Restorer } from './restorer.js';

/**
 * Celery's Redis transport: `redis://user:password@host:port/db`, `rediss://` for TLS, `redis+socket://` for a socket file,
 * `sentinel://` with the option `master_name`, and `rediscluster://` with a hash tag in `global_keyprefix`. Keys and records
 * are kombu's, so Python's producers and workers share the queues. Options: see RedisOptions; kombu's names, and
 * `publish_timeout`, `ssl`. Needs Redis 6.2 or newer.
 *
 * A producer has one connection. A consumer has two more: one that fetches, so that no publish is in its way, and one on
 * which Redis tells of new messages.
 *
 * @throws ToolboxError CONFIG_INVALID, DRIVER_MISSING
 */
export const createRedisTransport: TransportFactory = async (context) => {
  const { clock, logger } = context;
  const address = parseRedisUrl(context.url);
  const options = parseRedisOptions(context.options, logger, address.query);
  refuseContradictions(address, options, BROKER);
  const dial = await brokerDial(address, options);
  const url = address.shown;
  const keys = new Keys(options, address.db);
  const leaseSeconds = options.visibility_timeout;

  const shared = { dial, url, clock, patienceMs: options.publish_timeout * 1000 };
  const commands: BrokerConnection = brokerConnection({
    ...shared,
    name: 'commands',
    prepare: (client) => bindings.redeclare(client),
  });
  const fetch = brokerConnection({
    ...shared,
    name: 'fetch',
    lost: () => {
      arrivals.wakeAll();
      // Opened again it may lead elsewhere, after a failover: what is told must come from there.
      listener.renew();
    },
  });
  const listener: Listener = new Listener({
    ...shared,
    aliveMs: options.health_check_interval * 1000,
    changed: (key) => arrivals.changed(key),
    heard: (pattern, text) => broadcasts.heard(pattern, text),
    lost: () => {
      arrivals.wakeAll();
      broadcasts.wakeAll();
    },
  });
  const bindings = new BindingDirectory(commands, keys, clock);
  const arrivals = new Arrivals(fetch, listener, clock, logger);
  const broadcasts = new Broadcasts(listener, keys, clock, logger);
  const deliveries = new Deliveries({ fetch, commands, arrivals, keys, clock, leaseSeconds });
  const restorer = new Restorer({ connection: commands, keys, bindings, clock, logger, leaseSeconds });
  const store = new RedisStore({
    url,
    commands,
    keys,
    bindings,
    deliveries,
    broadcasts,
    restorer,
    leaseSeconds,
    queueOrder: options.queue_order_strategy,
    renewals: options.lease_thread ? renewalsOf(context) : undefined,
    publishDeadlineMs: options.publish_timeout * 1000,
    close: async () => {
      await restorer.close();
      await Promise.all([commands.close(), fetch.close(), listener.close()]);
    },
  });
  return new VirtualTransport(store, { clock, logger });
};

/** Bytes of a receipt: an id, and the number of a message in its fetch. */
const RECEIPT_BYTES = 48;

function renewalsOf({ url, options }: TransportContext): RenewalsSource {
  const data: RenewalsData = { url, options };
  return { module: moduleBeside(import.meta.url, 'renewals'), data, receiptBytes: RECEIPT_BYTES };
}
