import type { ClientConfig } from 'pg';
import { maskUrl, ToolboxError } from '../../base/index.js';

/** What `result_backend` says about the connection. */
export interface ConnectionSettings {
  readonly config: ClientConfig;
  /** The URL as it may be shown. */
  readonly shown: string;
}

/** A statement that takes longer is ended by the server; the client gives it two seconds more, then drops the connection. */
export const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * Reads the URLs Celery takes for PostgreSQL (`db+postgresql://`, with or without a Python driver's name as in
 * `db+postgresql+psycopg2://`) and PostgreSQL's own (`postgresql://`, `postgres://`). Query parameters are libpq's
 * (`sslmode`, `application_name`, ...). Throws CONFIG_INVALID.
 */
export function connectionSettings(url: string): ConnectionSettings {
  const shown = maskUrl(url);
  const match = /^(?:db\+)?postgres(?:ql)?(?:\+\w+)?:\/\/(.*)$/s.exec(url);
  const connectionString = `postgresql://${match?.[1] ?? ''}`;
  if (match === null || !URL.canParse(connectionString)) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      `result_backend is not the URL of a PostgreSQL database: ${shown}. Expected db+postgresql://user:password@host:port/name, ` +
        'with reserved characters in user and password percent-encoded',
      { fields: { setting: 'result_backend' } },
    );
  }
  return {
    shown,
    config: {
      connectionString,
      application_name: new URL(connectionString).searchParams.get('application_name') ?? 'workertoolbox',
      connectionTimeoutMillis: 10_000,
      query_timeout: STATEMENT_TIMEOUT_MS + 2000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // Statements are sent without waiting for the answers of those before them; the server keeps their order.
      pipeline: true,
    },
  };
}
