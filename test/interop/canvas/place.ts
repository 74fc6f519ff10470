import { migrationsSql } from '../../../src/platform/index.js';
import { execute, freshDatabase } from '../../support/postgres.js';
import { createVhost } from '../../support/rabbitmq.js';
import { startRedis } from '../../support/redis.js';
import { SQLALCHEMY_TABLES } from '../../support/result-tables.js';
import type { Place } from './system.js';

export type Broker = 'redis' | 'rabbitmq';
export type Results = 'redis' | 'postgres' | 'rpc';

/** A place that is made when the tests begin. */
export interface Site {
  open(): Promise<Place & { close(): Promise<void> }>;
}

/** To be asked for where the file is loaded: its database is removed with the file. */
export async function site(broker: Broker, results: Results): Promise<Site> {
  const database = results === 'postgres' ? await freshDatabase() : undefined;
  return {
    open: async () => {
      const redis = await startRedis();
      const vhost = broker === 'rabbitmq' ? await createVhost() : undefined;
      if (database !== undefined) await execute(database, SQLALCHEMY_TABLES, migrationsSql());
      const url = database ? `db+${database}` : results === 'rpc' ? 'rpc://' : new URL('/1', redis.url).href;
      return {
        broker: vhost?.url ?? redis.url,
        results: { typescript: url, python: url.replace('db+postgresql:', 'db+postgresql+psycopg2:') },
        runs: new URL('/2', redis.url).href,
        close: async () => {
          await vhost?.remove();
          await redis.kill();
        },
      };
    },
  };
}
