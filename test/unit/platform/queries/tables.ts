import { afterAll } from 'vitest';
import { silentLogger } from '../../../../src/base/index.js';
import { type Database, migrationsSql, postgresDatabase } from '../../../../src/platform/index.js';
import { resultSchemaSql } from '../../../../src/results/postgres/index.js';
import { DJANGO_TABLES } from '../../../support/django-tables.js';
import { execute, freshDatabase } from '../../../support/postgres.js';

/** Every form in which the tables are found. */
export const FORMS = {
  'our tables': [resultSchemaSql(), migrationsSql()],
  "the platform's own tables": [DJANGO_TABLES],
  "the platform's own tables, migrated": [DJANGO_TABLES, migrationsSql()],
} as const;
export type Form = keyof typeof FORMS;
export const FORM_NAMES = Object.keys(FORMS) as Form[];

/** An empty database of that form, at the beginning of a describe. */
export async function tables(form: Form): Promise<{ readonly url: string; readonly database: Database }> {
  const url = await freshDatabase();
  await execute(url, ...FORMS[form]);
  const database = postgresDatabase({ url, logger: silentLogger });
  afterAll(() => database.close());
  return { url, database };
}
