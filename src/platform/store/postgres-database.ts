import pg from 'pg';
import { type Logger, maskUrl, messageOf } from '../../base/index.js';
import { connectionString, storeError } from '../../postgres/index.js';
import type { Database } from './database.js';

const STATEMENT_TIMEOUT_MS = 10_000;

export interface PostgresDatabaseOptions {
  /** As `result_backend`: `db+postgresql://…`, or PostgreSQL's own form. */
  readonly url: string;
  readonly logger: Logger;
  /** Most connections at a time. Default 4. */
  readonly connections?: number;
}

/** A small pool of connections in UTC, each statement with a deadline. */
export function postgresDatabase({ url, logger, connections = 4 }: PostgresDatabaseOptions): Database {
  const shown = maskUrl(url);
  const pool = new pg.Pool({
    connectionString: connectionString(url, 'the database'),
    application_name: 'workertoolbox-platform',
    max: connections,
    connectionTimeoutMillis: 10_000,
    query_timeout: STATEMENT_TIMEOUT_MS + 2000,
    keepAlive: true,
    allowExitOnIdle: true,
    options: `-c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
  });
  // An idle connection that breaks must not end the process; the next query opens another.
  pool.on('error', (error) => logger.debug({ error: messageOf(error) }, 'platform database'));
  return {
    url: shown,
    query: async (query) => {
      try {
        return (await pool.query(query)).rows;
      } catch (error) {
        throw storeError(error, shown);
      }
    },
    alone: async (work) => {
      const client = await pool.connect().catch((error: unknown) => {
        throw storeError(error, shown);
      });
      // A connection that breaks while it is held must not end the process; its next statement says so.
      const onError = (error: unknown): void =>
        logger.debug({ error: messageOf(error) }, 'platform database');
      client.on('error', onError);
      let spoiled = true;
      try {
        const done = await work(async (query) => {
          try {
            return (await client.query(query)).rows;
          } catch (error) {
            throw storeError(error, shown);
          }
        });
        spoiled = false;
        return done;
      } finally {
        client.off('error', onError);
        // What it may still hold ends with it.
        client.release(spoiled);
      }
    },
    close: () => pool.end(),
  };
}
