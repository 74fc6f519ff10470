/** Tables of locks and lines. A lock that has ended may be removed by anybody at any time. */
export const COORDINATION_TABLES_SQL = `
CREATE TABLE workertoolbox.lock (
  name text PRIMARY KEY,
  token text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX lock_expires ON workertoolbox.lock (expires);
CREATE TABLE workertoolbox.line (
  name text PRIMARY KEY,
  next timestamptz NOT NULL
);`;
