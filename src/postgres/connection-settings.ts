import type { ClientConfig } from 'pg';
import { maskUrl } from '../base/index.js';
import { connectionString } from './connection-string.js';

/** What a URL says about the connection. */
export interface ConnectionSettings {
  readonly config: ClientConfig;
  /** The URL as it may be shown. */
  readonly shown: string;
}

/** A statement that takes longer is ended by the server; the client gives it two seconds more, then drops the connection. */
export const STATEMENT_TIMEOUT_MS = 10_000;

/** Reads the URL given as `setting`. Query parameters are libpq's (`sslmode`, `application_name`, ...). Throws CONFIG_INVALID. */
export function connectionSettings(url: string, setting: string): ConnectionSettings {
  const address = connectionString(url, setting);
  return {
    shown: maskUrl(url),
    config: {
      connectionString: address,
      application_name: new URL(address).searchParams.get('application_name') ?? 'workertoolbox',
      connectionTimeoutMillis: 10_000,
      query_timeout: STATEMENT_TIMEOUT_MS + 2000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // Statements are sent without waiting for the answers of those before them; the server keeps their order.
      pipeline: true,
    },
  };
}
