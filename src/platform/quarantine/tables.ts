/**
 * What quarantine needs beyond its first form: an equal message that comes again is counted, not kept twice, and what the limits
 * cost is told.
 */
export const QUARANTINE_TABLES_SQL = `
ALTER TABLE workertoolbox.quarantine RENAME COLUMN received TO first_seen;
ALTER TABLE workertoolbox.quarantine
  ADD COLUMN last_seen timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN count integer NOT NULL DEFAULT 1,
  ADD COLUMN bytes bigint,
  ADD COLUMN fingerprint text UNIQUE;
UPDATE workertoolbox.quarantine SET last_seen = first_seen, bytes = octet_length(body);
ALTER TABLE workertoolbox.quarantine ALTER COLUMN bytes SET NOT NULL;
CREATE INDEX quarantine_kind ON workertoolbox.quarantine (queue, code);
CREATE TABLE workertoolbox.quarantine_dropped (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  count bigint NOT NULL,
  last timestamptz NOT NULL
);
INSERT INTO workertoolbox.quarantine_dropped (count, last) VALUES (0, now());`;
