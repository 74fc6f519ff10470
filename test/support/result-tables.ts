import { resultSchemaSql } from '../../src/results/postgres/index.js';

/** The tables as Celery's SQLAlchemy backend makes them. */
export const SQLALCHEMY_TABLES = resultSchemaSql();

/** `celery_taskmeta` as the platform's Django migration makes it, and the groups' table as Celery does. */
export const DJANGO_TABLES = [
  `CREATE TABLE celery_taskmeta (
    id serial NOT NULL PRIMARY KEY, status varchar(50) NOT NULL, result bytea NULL, date_done timestamp with time zone NULL,
    traceback text NULL, task_id varchar(155) NULL UNIQUE)`,
  'ALTER SEQUENCE celery_taskmeta_id_seq RENAME TO task_id_sequence',
  resultSchemaSql(),
].join(';\n');
