import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';

/** Runs statements as the superuser, on the database of `url`. */
export async function execute(url: string, ...statements: readonly string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let last: pg.QueryResult | undefined;
    for (const statement of statements) last = await client.query(statement);
    return last as pg.QueryResult;
  } finally {
    await client.end();
  }
}

/** A name no other test file uses, for roles (which belong to the server, not to a database) and the like. */
export const uniqueName = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`;

/**
 * The URL (superuser) of a new, empty database. Call it at the top of a test file or in an async `describe`, where
 * `afterAll` may be called: the database is dropped after the file's tests, also when something is still connected.
 */
export async function freshDatabase(): Promise<string> {
  const server = inject('postgresUrl');
  const name = uniqueName('test');
  await execute(server, `CREATE DATABASE ${name}`);
  afterAll(() => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
