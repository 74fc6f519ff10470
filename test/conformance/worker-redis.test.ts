import { execute, freshDatabase } from '../support/postgres.js';
import { describeRedis } from '../support/redis.js';
import { SQLALCHEMY_TABLES } from '../support/result-tables.js';
import { exerciseWorker } from './worker/exercise-worker.js';

const database = await freshDatabase();
await execute(database, SQLALCHEMY_TABLES);

describeRedis('Redis', (redis) => {
  const place = () => ({
    settings: {
      broker_url: redis().url,
      broker_transport_options: { global_keyprefix: redis().prefix },
      result_backend: `db+${database}`,
    },
  });
  for (const pool of ['async', 'threads', 'prefork'] as const)
    exerciseWorker('Redis and PostgreSQL', { place, pool });
});
