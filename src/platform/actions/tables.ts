/**
 * What actions leave behind: the reports of a day by their keys, so that a repeated click does nothing twice; work on many
 * items; and the flags that workers look at: revoked tasks and paused queues.
 */
export const ACTION_TABLES_SQL = `
CREATE TABLE workertoolbox.action_key (
  key text PRIMARY KEY,
  digest text NOT NULL,
  run text NOT NULL,
  begun timestamptz NOT NULL DEFAULT now(),
  report jsonb
);
CREATE TABLE workertoolbox.revoked_task (
  task_id text PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  terminate boolean NOT NULL,
  signal text
);
CREATE INDEX revoked_task_at ON workertoolbox.revoked_task (at);
CREATE TABLE workertoolbox.paused_queue (
  queue text PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  username text NOT NULL,
  obeyed text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE workertoolbox.bulk (
  id text PRIMARY KEY,
  action text NOT NULL,
  username text NOT NULL,
  role text NOT NULL,
  filter jsonb NOT NULL,
  parameters jsonb NOT NULL,
  per_second double precision NOT NULL,
  state text NOT NULL DEFAULT 'running',
  stop boolean NOT NULL DEFAULT false,
  started timestamptz NOT NULL DEFAULT now(),
  ended timestamptz,
  error text
);
CREATE TABLE workertoolbox.bulk_item (
  bulk text NOT NULL REFERENCES workertoolbox.bulk ON DELETE CASCADE,
  place integer NOT NULL,
  target text NOT NULL,
  outcome text,
  message text,
  new_id text,
  PRIMARY KEY (bulk, place)
);`;
