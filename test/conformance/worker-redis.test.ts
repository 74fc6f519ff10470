import { createPostgresResultBackend } from '../../src/results/postgres/index.js';
import { createRedisTransport } from '../../src/transports/redis/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { describeRedis } from '../support/redis.js';
import { SQLALCHEMY_TABLES } from '../support/result-tables.js';
import { exerciseWorker } from './worker/exercise-worker.js';

const database = await freshDatabase();
await execute(database, SQLALCHEMY_TABLES);

describeRedis('Redis', (place) => {
  exerciseWorker('Redis and PostgreSQL', {
    place: () => ({
      transports: new Map([['redis', async () => createRedisTransport]]),
      backends: new Map([['db+postgresql', async () => createPostgresResultBackend]]),
      settings: {
        broker_url: place().url,
        broker_transport_options: { global_keyprefix: place().prefix },
        result_backend: `db+${database}`,
      },
    }),
  });
});
