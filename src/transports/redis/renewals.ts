import { silentLogger, systemClock } from '../../base/index.js';
import { parseRedisUrl } from '../../redis/index.js';
import { type CreateRenewals, leaseLost } from '../virtual/index.js';
import { brokerConnection, brokerDial } from './broker-connection.js';
import { Keys } from './keys.js';
import { parseRedisOptions } from './redis-options.js';

/** What a thread needs to renew leases: broker_url and broker_transport_options. */
export interface RenewalsData {
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Renewals over a connection of their own, for a thread that keeps leases. */
export const createRenewals: CreateRenewals = async (data) => {
  const given = data as RenewalsData;
  const address = parseRedisUrl(given.url);
  const options = parseRedisOptions(given.options, silentLogger, address.query);
  const keys = new Keys(options, address.db);
  const connection = brokerConnection({
    name: 'renew',
    dial: await brokerDial(address, options),
    url: address.shown,
    clock: systemClock,
    patienceMs: 0,
  });
  return {
    renew: async (queue, changes) => {
      const args = changes.flatMap(({ receipt, seconds }) => [receipt, seconds - options.visibility_timeout]);
      const done = await connection.run('renew', (client) =>
        client.wtHold(2, keys.unacked, keys.unackedIndex, ...args),
      );
      return done.map((held) => (held === 1 ? undefined : leaseLost(queue, 'its lease ended')));
    },
  };
};
