/**
 * What the reconciler has found out about tasks: `lost` (recorded, and neither message nor result are anywhere). And how results
 * that nobody recorded are found among millions.
 */
export const RECONCILER_TABLES_SQL = `
CREATE TABLE workertoolbox.task_mark (
  task_id text NOT NULL,
  mark text NOT NULL CHECK (mark IN ('lost', 'orphan', 'untracked')),
  at timestamptz NOT NULL DEFAULT now(),
  note text,
  PRIMARY KEY (task_id, mark)
);
CREATE INDEX task_mark_kind ON workertoolbox.task_mark (mark, at);
CREATE INDEX task_state_untracked ON workertoolbox.task_state (task_id) WHERE root_id IS NULL;`;
