import { afterAll, afterEach } from 'vitest';
import { type Clock, type Logger, silentLogger, systemClock } from '../../../../src/base/index.js';
import { PostgresResultBackend, resultSchemaSql } from '../../../../src/results/postgres/index.js';
import { execute, freshDatabase, uniqueName } from '../../../support/postgres.js';

export interface BackendOptions {
  readonly url?: string;
  readonly options?: Record<string, unknown>;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/** A database with the given tables; backends opened on it are closed after each test. */
export async function resultDatabase(tables = resultSchemaSql()) {
  const url = await freshDatabase();
  if (tables !== '') await execute(url, tables);
  const opened: PostgresResultBackend[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((backend) => backend.close()));
  });
  return {
    url,
    open(given: BackendOptions = {}): PostgresResultBackend {
      const backend = new PostgresResultBackend({
        url: given.url ?? url,
        options: given.options ?? {},
        logger: given.logger ?? silentLogger,
        clock: given.clock ?? systemClock,
      });
      opened.push(backend);
      return backend;
    },
    /** Statements as the superuser. */
    execute: (...statements: readonly string[]) => execute(url, ...statements),
    /** Ends all other connections to the database, as a restart or an administrator does. */
    cut: () =>
      execute(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'workertoolbox'`,
      ),
    /** A role that may log in and no more; gone after the file. */
    async role(): Promise<{ name: string; url: string }> {
      const name = uniqueName('role');
      await execute(url, `CREATE ROLE ${name} LOGIN PASSWORD 'first'`);
      afterAll(() => execute(url, `DROP OWNED BY ${name}`, `DROP ROLE ${name}`));
      const own = new URL(url);
      own.username = name;
      own.password = 'first';
      return { name, url: own.href };
    },
  };
}
