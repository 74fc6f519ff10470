/** Channel on which changed entries are announced: the app's name. */
export const BEAT_CHANNEL = 'workertoolbox_beat';

/** Tables of the entry store: what an entry does and when, how far it has come, and who leads. */
export const BEAT_TABLES_SQL = `
CREATE TABLE workertoolbox.beat_entry (
  app text NOT NULL,
  name text NOT NULL,
  source text NOT NULL DEFAULT 'store' CHECK (source IN ('app', 'store')),
  enabled boolean NOT NULL DEFAULT true,
  task text NOT NULL,
  schedule jsonb NOT NULL,
  args jsonb NOT NULL DEFAULT '[]',
  kwargs jsonb NOT NULL DEFAULT '{}',
  options jsonb NOT NULL DEFAULT '{}',
  catch_up text NOT NULL DEFAULT 'once',
  starting_deadline double precision,
  cursor timestamptz,
  timezone text,
  pending_tick timestamptz,
  pending_id text,
  last_run_at timestamptz,
  total_run_count bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (app, name)
);
CREATE TABLE workertoolbox.beat_lease (
  app text PRIMARY KEY,
  holder text NOT NULL,
  token bigint NOT NULL,
  expires timestamptz NOT NULL
);
CREATE FUNCTION workertoolbox.announce_beat_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('${BEAT_CHANNEL}', coalesce(NEW.app, OLD.app));
  RETURN NULL;
END $$;
CREATE TRIGGER announce AFTER INSERT OR DELETE
  OR UPDATE OF enabled, task, schedule, args, kwargs, options, catch_up, starting_deadline
  ON workertoolbox.beat_entry FOR EACH ROW EXECUTE FUNCTION workertoolbox.announce_beat_entry();`;
