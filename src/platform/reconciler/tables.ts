/**
 * What the reconciler has found out about tasks: `lost` (recorded, and neither message nor result are anywhere), `orphan` (its
 * parent or root was never recorded), `untracked` (there was a result before anything was recorded).
 */
export const MARK_TABLES_SQL = `
CREATE TABLE workertoolbox.task_mark (
  task_id text NOT NULL,
  mark text NOT NULL CHECK (mark IN ('lost', 'orphan', 'untracked')),
  at timestamptz NOT NULL DEFAULT now(),
  note text,
  PRIMARY KEY (task_id, mark)
);
CREATE INDEX task_mark_kind ON workertoolbox.task_mark (mark, at);`;
