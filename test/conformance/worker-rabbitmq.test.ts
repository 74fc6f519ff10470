import { COORDINATION_TABLES_SQL } from '../../src/coordination/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { describeRabbitmq } from '../support/rabbitmq.js';
import { SQLALCHEMY_TABLES } from '../support/result-tables.js';
import { exerciseWorker } from './worker/exercise-worker.js';

const database = await freshDatabase();
await execute(database, SQLALCHEMY_TABLES, 'CREATE SCHEMA workertoolbox', COORDINATION_TABLES_SQL);

describeRabbitmq('RabbitMQ', (vhost) => {
  const place = () => ({ settings: { broker_url: vhost().url, result_backend: `db+${database}` } });
  for (const pool of ['async', 'threads', 'prefork'] as const)
    exerciseWorker('RabbitMQ and PostgreSQL', { place, pool });
});
