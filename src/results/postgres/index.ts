import type { ResultBackendFactory } from '../result-backend.js';
import { PostgresResultBackend } from './postgres-result-backend.js';

export { grantAttemptsSql } from './attempt-rows.js';
export { grantChordsSql } from './chord-table.js';
export { PostgresResultBackend } from './postgres-result-backend.js';
export {
  celery57ColumnSql,
  createdRole,
  type GrantWorkerOptions,
  grantWorkerSql,
  type ResultSchemaOptions,
  resultSchemaSql,
} from './schema.js';

/** For `db+postgresql://`, `db+postgresql+psycopg2://` and `postgresql://`. */
export const createPostgresResultBackend: ResultBackendFactory = async (context) =>
  new PostgresResultBackend(context);
