import pg from 'pg';
import { type TableName, tableNames } from './table-names.js';

export interface ResultSchemaOptions {
  /** As the settings of these names: `{ task, group }`. Default: the tables' usual names, first schema of the search path. */
  readonly database_table_names?: Readonly<Record<string, string>>;
  readonly database_table_schemas?: Readonly<Record<string, string>>;
}

const TASK_COLUMNS = [
  'id INTEGER NOT NULL',
  'task_id VARCHAR(155)',
  'status VARCHAR(50)',
  'result BYTEA',
  'date_done TIMESTAMP WITHOUT TIME ZONE',
  'traceback TEXT',
  'children BYTEA',
  'name VARCHAR(155)',
  'args BYTEA',
  'kwargs BYTEA',
  'worker VARCHAR(155)',
  'retries INTEGER',
  'queue VARCHAR(155)',
  'stamps BYTEA',
  'PRIMARY KEY (id)',
  'UNIQUE (task_id)',
];
const GROUP_COLUMNS = [
  'id INTEGER NOT NULL',
  'taskset_id VARCHAR(155)',
  'result BYTEA',
  'date_done TIMESTAMP WITHOUT TIME ZONE',
  'PRIMARY KEY (id)',
  'UNIQUE (taskset_id)',
];

/**
 * The statements that create both result tables and their sequences as Celery 5.7 does with SQLAlchemy, where they are
 * absent. A table that is there (Django's, or an older Celery's) is left exactly as it is; the statements fail when it
 * lacks what Celery needs. Idempotent; for a role that may create tables, never for a worker's.
 */
export function resultSchemaSql(options: ResultSchemaOptions = {}): string {
  const names = tableNames({ ...options });
  return [created(names.task, TASK_COLUMNS), created(names.group, GROUP_COLUMNS)].join('\n\n');
}

function created(table: TableName, columns: readonly string[]): string {
  const literal = pg.escapeLiteral;
  const needed = columns
    .slice(0, table.sequence === 'task_id_sequence' ? 6 : 4)
    .map((column) => column.split(' ')[0]);
  const list = needed.map((column) => literal(column as string)).join(', ');
  return `DO $$
BEGIN
  IF to_regclass(${literal(table.quoted)}) IS NULL THEN
    CREATE SEQUENCE IF NOT EXISTS ${table.quotedSequence};
    CREATE TABLE ${table.quoted} (
      ${columns.join(',\n      ')}
    );
    CREATE INDEX ${pg.escapeIdentifier(`ix_${table.name}_date_done`)} ON ${table.quoted} (date_done);
  ELSIF (SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass(${literal(table.quoted)})
         AND NOT attisdropped AND attname IN (${list})) < ${needed.length} THEN
    RAISE EXCEPTION 'table % exists and is no result table: it needs the columns %', ${literal(table.quoted)}, ${literal(needed.join(', '))};
  ELSIF to_regclass(${literal(table.quotedSequence)}) IS NULL THEN
    RAISE EXCEPTION 'table % exists without the sequence % that Celery draws its ids from', ${literal(table.quoted)}, ${literal(table.quotedSequence)}
      USING HINT = 'Rename the sequence the table has: ALTER SEQUENCE ... RENAME TO ${table.sequence}';
  END IF;
END
$$;`;
}

/**
 * The statement that lets Python's Celery 5.7 use a table made by Django or by an older Celery: it reads a column
 * `children` that those lack, adds it only as the table's owner, and fails without. Nothing of ours needs it.
 */
export const celery57ColumnSql = (options: ResultSchemaOptions = {}): string =>
  `ALTER TABLE ${tableNames({ ...options }).task.quoted} ADD COLUMN IF NOT EXISTS children BYTEA;`;

export interface GrantWorkerOptions extends ResultSchemaOptions {
  readonly role: string;
  readonly database: string;
  /** Default `public`. */
  readonly schema?: string;
  /** Also what saving and restoring groups needs. Default false. */
  readonly groups?: boolean;
  /** Create the role when it is absent, without a password: `\\password` in psql sets it. Default false. */
  readonly create?: boolean;
}

/**
 * The statements that give a worker's role what storing and reading results needs, and nothing else. Python's Celery
 * works with them too once both tables and both sequences exist (it wants to create what is absent). The time zone makes
 * the dates of every Celery version come out in UTC.
 */
export function grantWorkerSql(options: GrantWorkerOptions): string {
  const names = tableNames({ ...options });
  const role = pg.escapeIdentifier(options.role);
  const schemas = new Set([names.task.schema ?? options.schema ?? 'public']);
  if (options.groups) schemas.add(names.group.schema ?? options.schema ?? 'public');
  const tables = options.groups ? [names.task, names.group] : [names.task];
  return [
    ...(options.create ? [createdRole(options.role)] : []),
    `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(options.database)} TO ${role};`,
    ...[...schemas].map((schema) => `GRANT USAGE ON SCHEMA ${pg.escapeIdentifier(schema)} TO ${role};`),
    ...tables.flatMap((table) => [
      `GRANT SELECT, INSERT, UPDATE ON TABLE ${table.quoted} TO ${role};`,
      `GRANT USAGE ON SEQUENCE ${table.quotedSequence} TO ${role};`,
    ]),
    `ALTER ROLE ${role} SET timezone TO 'UTC';`,
  ].join('\n');
}

/** Creates a role that may log in, without a password, when it is absent. */
export const createdRole = (role: string): string => `DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${pg.escapeLiteral(role)}) THEN
    CREATE ROLE ${pg.escapeIdentifier(role)} LOGIN;
  END IF;
END
$$;`;
