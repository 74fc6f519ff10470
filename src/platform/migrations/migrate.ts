import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { ToolboxError } from '../../base/index.js';
import { MIGRATIONS, type Migration } from './migrations.js';

/** Any number that no other program uses for its advisory locks. */
const LOCK = 7_205_759_403;

const PREPARE = `
CREATE SCHEMA IF NOT EXISTS workertoolbox;
CREATE TABLE IF NOT EXISTS workertoolbox.migrations (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  applied timestamptz NOT NULL DEFAULT now()
);`;

const checksum = (sql: string): string => createHash('sha256').update(sql).digest('hex');

/** Everything `migrate` would run on an empty database, its own records included: to read, or to run with psql. */
export const migrationsSql = (migrations: readonly Migration[] = MIGRATIONS): string =>
  [PREPARE, ...migrations.map((one) => `\n-- ${one.name}${one.sql}\n${recordSql(one)}`)].join('\n');

const recordSql = ({ name, sql }: Migration): string =>
  `INSERT INTO workertoolbox.migrations (name, checksum) VALUES ('${name}', '${checksum(sql)}');`;

/**
 * Brings the platform's tables up to date: all outstanding steps in one transaction, under an advisory lock, so that
 * several programs may call it at once. Resolves with the names of the steps it ran.
 *
 * @throws STORE_REFUSED when a step that was run has another text today.
 */
export async function migrate(
  client: ClientBase,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly string[]> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(PREPARE);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM workertoolbox.migrations',
    );
    const applied = new Map(rows.map((row) => [row.name, row.checksum]));
    const outstanding = migrations.filter(({ name }) => !applied.has(name));
    for (const { name, sql } of migrations) {
      const known = applied.get(name);
      if (known !== undefined && known !== checksum(sql)) throw changed(name);
    }
    for (const { name, sql } of outstanding) {
      await client.query(sql);
      await client.query('INSERT INTO workertoolbox.migrations (name, checksum) VALUES ($1, $2)', [
        name,
        checksum(sql),
      ]);
    }
    // The tables it follows may have come since the last time.
    if (migrations === MIGRATIONS) await client.query('SELECT workertoolbox.follow_states()');
    await client.query('COMMIT');
    return outstanding.map(({ name }) => name);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

const changed = (name: string): ToolboxError =>
  new ToolboxError(
    'STORE_REFUSED',
    `migration ${name} was applied with another text: this database belongs to another version; upgrade the package, do not edit migrations`,
    { fields: { migration: name } },
  );
