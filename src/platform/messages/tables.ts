/**
 * Messages of tasks as they came to the platform queue. The task table shows arguments without their secrets, and not what
 * follows a task: what is sent anew is made from here. Operators' programs read this table, viewers do not.
 */
export const MESSAGE_TABLES_SQL = `
CREATE TABLE workertoolbox.task_message (
  task_id text PRIMARY KEY,
  received timestamptz NOT NULL DEFAULT now(),
  exchange text NOT NULL,
  routing_key text NOT NULL,
  content_type text NOT NULL,
  content_encoding text NOT NULL,
  headers jsonb NOT NULL,
  properties jsonb NOT NULL,
  body bytea NOT NULL
);
CREATE INDEX task_message_received ON workertoolbox.task_message (received);`;
