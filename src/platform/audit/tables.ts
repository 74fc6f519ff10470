/**
 * Who did what. A row is written before the action is begun and gets its outcome once: nothing else is ever changed in it, and
 * nothing is deleted within a year, whatever a role may do with the table. What was `begun` for long was interrupted.
 */
export const AUDIT_TABLES_SQL = `
CREATE TABLE workertoolbox.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  key text NOT NULL UNIQUE,
  username text NOT NULL,
  role text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  count integer NOT NULL,
  outcome text NOT NULL DEFAULT 'begun',
  detail jsonb NOT NULL
);
CREATE INDEX audit_user ON workertoolbox.audit (username, id);
CREATE INDEX audit_action ON workertoolbox.audit (action, id);
CREATE FUNCTION workertoolbox.keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.at < now() - interval '1 year' THEN RETURN OLD; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.outcome = 'begun' AND (NEW.id, NEW.at, NEW.key, NEW.username, NEW.role, NEW.action, NEW.target, NEW.count)
      = (OLD.id, OLD.at, OLD.key, OLD.username, OLD.role, OLD.action, OLD.target, OLD.count) THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'workertoolbox.audit is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON workertoolbox.audit
  FOR EACH ROW EXECUTE FUNCTION workertoolbox.keep_audit();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON workertoolbox.audit
  FOR EACH STATEMENT EXECUTE FUNCTION workertoolbox.keep_audit();`;
