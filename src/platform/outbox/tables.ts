/**
 * Messages to be sent: written in the transaction of whoever wants them sent, published by a relay. A row holds either a whole
 * message (`body`) or a call (`call`) that the relay makes a message of. Sent rows stay for a day without their content, so
 * that a `key` is sent once. `workertoolbox.publish_task` is for programs in any language.
 */
export const OUTBOX_TABLES_SQL = `
CREATE TABLE workertoolbox.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created timestamptz NOT NULL DEFAULT now(),
  key text UNIQUE,
  task_id text NOT NULL,
  family text NOT NULL,
  task text,
  call jsonb,
  exchange text,
  routing_key text,
  queue text,
  content_type text,
  content_encoding text,
  headers jsonb,
  properties jsonb,
  body bytea,
  deduplication text,
  resets boolean NOT NULL DEFAULT false,
  before timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  due timestamptz NOT NULL DEFAULT now(),
  error text,
  sent timestamptz,
  failed timestamptz
);
CREATE INDEX outbox_unsent ON workertoolbox.outbox (id) WHERE sent IS NULL AND failed IS NULL;
CREATE FUNCTION workertoolbox.announce_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('workertoolbox_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER announce AFTER INSERT ON workertoolbox.outbox
  FOR EACH STATEMENT EXECUTE FUNCTION workertoolbox.announce_outbox();
CREATE FUNCTION workertoolbox.publish_task(name text, args jsonb DEFAULT '[]', kwargs jsonb DEFAULT '{}', options jsonb DEFAULT '{}')
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  wanted text := coalesce(options->>'task_id', gen_random_uuid()::text);
  given jsonb := coalesce(options, '{}') - 'countdown' - 'task_id';
BEGIN
  IF coalesce(name, '') = '' THEN RAISE EXCEPTION 'publish_task: expected the name of a task'; END IF;
  IF jsonb_typeof(coalesce(args, '[]')) <> 'array' THEN RAISE EXCEPTION 'publish_task: args must be a JSON array'; END IF;
  IF jsonb_typeof(coalesce(kwargs, '{}')) <> 'object' THEN RAISE EXCEPTION 'publish_task: kwargs must be a JSON object'; END IF;
  IF jsonb_typeof(given) <> 'object' THEN RAISE EXCEPTION 'publish_task: options must be a JSON object'; END IF;
  IF length(wanted) > 155 THEN RAISE EXCEPTION 'publish_task: task_id is longer than 155 characters'; END IF;
  -- What is said relative to now means the moment of the call, whenever the message is sent.
  IF jsonb_typeof(options->'countdown') = 'number' AND (options->>'countdown')::float8 <> 0 THEN
    given := given || jsonb_build_object('eta', to_char(clock_timestamp() AT TIME ZONE 'UTC'
      + make_interval(secs => (options->>'countdown')::float8), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'));
  END IF;
  IF jsonb_typeof(options->'expires') = 'number' THEN
    given := given || jsonb_build_object('expires', to_char(clock_timestamp() AT TIME ZONE 'UTC'
      + make_interval(secs => (options->>'expires')::float8), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'));
  END IF;
  INSERT INTO workertoolbox.outbox (task_id, family, task, call) VALUES (wanted, coalesce(options->>'root_id', wanted), name,
    jsonb_build_object('args', coalesce(args, '[]'), 'kwargs', coalesce(kwargs, '{}'), 'options', given));
  RETURN wanted;
END $$;`;
