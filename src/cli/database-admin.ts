import pg from 'pg';
import { maskUrl, ToolboxError } from '../base/index.js';
import { migrate } from '../platform/index.js';
import { connectionString, storeError } from '../postgres/index.js';
import { resultSchemaSql } from '../results/postgres/index.js';
import { appFrom } from './app-from.js';
import type { GlobalOptions } from './options/global-options.js';

/** The URL named by `--database`, else the result backend given or the app's. @throws CONFIG_INVALID */
export async function databaseUrl(flags: GlobalOptions & { readonly database?: string }): Promise<string> {
  const given = flags.database ?? flags.resultBackend;
  if (given !== undefined) return given;
  const url = flags.app === undefined ? undefined : (await appFrom(flags)).conf.result_backend;
  if (typeof url === 'string') return url;
  throw new ToolboxError(
    'CONFIG_INVALID',
    'no database is known: give --database postgresql://…, or -A with a result_backend',
  );
}

/** Any number that no other program uses for its advisory locks: two migrations at a time would trip over one another. */
const LOCK = 7_205_759_404;

/** Creates the tables that are absent; resolves with the names of the steps it ran. */
export const migrateDatabase = (url: string): Promise<readonly string[]> =>
  withClient(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(resultSchemaSql());
    return migrate(client);
  });

/** One connection for administration. @throws STORE_UNREACHABLE, STORE_REFUSED */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: connectionString(url, '--database'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    throw error instanceof ToolboxError ? error : storeError(error, maskUrl(url));
  } finally {
    await client.end().catch(() => undefined);
  }
}
