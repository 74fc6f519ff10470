import { COORDINATION_TABLES_SQL } from '../../src/coordination/index.js';
import { createPostgresCoordination } from '../../src/coordination/postgres/index.js';
import { createPostgresResultBackend } from '../../src/results/postgres/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { describeRabbitmq } from '../support/rabbitmq.js';
import { SQLALCHEMY_TABLES } from '../support/result-tables.js';
import { exerciseWorker } from './worker/exercise-worker.js';

const database = await freshDatabase();
await execute(database, SQLALCHEMY_TABLES, 'CREATE SCHEMA workertoolbox', COORDINATION_TABLES_SQL);

describeRabbitmq('RabbitMQ', (vhost) => {
  exerciseWorker('RabbitMQ and PostgreSQL', {
    place: () => ({
      transports: new Map([['amqp', async () => createAmqpTransport]]),
      coordinations: new Map([['db+postgresql', async () => createPostgresCoordination]]),
      backends: new Map([['db+postgresql', async () => createPostgresResultBackend]]),
      settings: { broker_url: vhost().url, result_backend: `db+${database}` },
    }),
  });
});
