import type { CoordinationFactory } from '../coordination.js';
import { PostgresCoordination } from './postgres-coordination.js';

export { grantCoordinationSql } from './grants.js';

/** For the URLs of PostgreSQL that `result_backend` takes. The connection is opened when it is first used. */
export const createPostgresCoordination: CoordinationFactory = async (context) =>
  new PostgresCoordination(context);
