/** Who may sign in to the dashboard, the key of its session cookies, and the sessions ended before their time. */
export const DASHBOARD_TABLES_SQL = `
CREATE TABLE workertoolbox.dashboard_accounts (
  kind text NOT NULL CHECK (kind IN ('user', 'token')),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  secret text NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, name)
);
CREATE TABLE workertoolbox.dashboard_key (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  key text NOT NULL
);
CREATE TABLE workertoolbox.dashboard_ended_sessions (
  id text PRIMARY KEY,
  until timestamptz NOT NULL
);`;
