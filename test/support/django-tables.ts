/** The platform's own tables, as its Django migrations make them: with foreign keys, and a time zone in date_done. */
export const DJANGO_TABLES = `
CREATE TABLE accounts_user (id serial PRIMARY KEY);
INSERT INTO accounts_user DEFAULT VALUES;
CREATE TABLE django_content_type (id serial PRIMARY KEY);
CREATE TABLE tasks_backgroundtask (
  id varchar(24) PRIMARY KEY,
  task_id varchar(155) NOT NULL UNIQUE,
  type varchar(128) NOT NULL,
  created_date timestamp with time zone NOT NULL,
  last_updated timestamp with time zone NOT NULL,
  input jsonb NOT NULL,
  options jsonb NOT NULL,
  related_object_id varchar(24),
  immutable boolean,
  creator_id integer REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
  parent_id varchar(155) REFERENCES tasks_backgroundtask (task_id) DEFERRABLE INITIALLY DEFERRED,
  related_content_type_id integer REFERENCES django_content_type (id) DEFERRABLE INITIALLY DEFERRED,
  root_id varchar(155) NOT NULL REFERENCES tasks_backgroundtask (task_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE celery_taskmeta (
  id serial PRIMARY KEY,
  status varchar(50) NOT NULL,
  result bytea,
  date_done timestamp with time zone,
  traceback text,
  task_id varchar(155) UNIQUE
);
ALTER SEQUENCE celery_taskmeta_id_seq RENAME TO task_id_sequence;
`;
