import { createPostgresResultBackend } from '../../src/results/postgres/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { describeRabbitmq } from '../support/rabbitmq.js';
import { SQLALCHEMY_TABLES } from '../support/result-tables.js';
import { exerciseWorker } from './worker/exercise-worker.js';

const database = await freshDatabase();
await execute(database, SQLALCHEMY_TABLES);

describeRabbitmq('RabbitMQ', (vhost) => {
  exerciseWorker('RabbitMQ and PostgreSQL', {
    place: () => ({
      transports: new Map([['amqp', async () => createAmqpTransport]]),
      backends: new Map([['db+postgresql', async () => createPostgresResultBackend]]),
      settings: { broker_url: vhost().url, result_backend: `db+${database}` },
    }),
  });
});
