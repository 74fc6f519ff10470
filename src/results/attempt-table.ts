/** Every run of a task, as workers tell it: a task may run more than once. */
export const ATTEMPT_TABLE_SQL = `
CREATE TABLE workertoolbox.attempt (
  task_id varchar(155) NOT NULL,
  started timestamptz NOT NULL,
  ended timestamptz,
  worker text,
  queue text,
  outcome text,
  reason text,
  PRIMARY KEY (task_id, started)
);
CREATE INDEX attempt_started ON workertoolbox.attempt (started);
CREATE INDEX attempt_worker ON workertoolbox.attempt (worker, started);
CREATE INDEX attempt_runtime ON workertoolbox.attempt ((ended - started), task_id) WHERE outcome IN ('SUCCESS', 'FAILURE', 'REVOKED');`;
