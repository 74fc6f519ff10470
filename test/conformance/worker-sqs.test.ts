import { afterAll, beforeAll } from 'vitest';
import { COORDINATION_TABLES_SQL } from '../../src/coordination/index.js';
import { type SqsServer, startSqsServer } from '../../src/embedded/sqs/index.js';
import { execute, freshDatabase } from '../support/postgres.js';
import { SQLALCHEMY_TABLES } from '../support/result-tables.js';
import { exerciseWorker } from './worker/exercise-worker.js';

const database = await freshDatabase();
let server: SqsServer;
beforeAll(async () => {
  await execute(database, SQLALCHEMY_TABLES, 'CREATE SCHEMA workertoolbox', COORDINATION_TABLES_SQL);
  server = await startSqsServer();
});
afterAll(() => server.close());

exerciseWorker('SQS and PostgreSQL', {
  place: () => ({
    settings: {
      broker_url: `sqs://key:secret@127.0.0.1:${server.port}`,
      broker_transport_options: { wait_time_seconds: 1, visibility_timeout: 3 },
      result_backend: `db+${database}`,
    },
  }),
});
