/** How results that nobody recorded are found among millions. */
export const RECONCILER_INDEXES_SQL = `
CREATE INDEX task_state_untracked ON workertoolbox.task_state (task_id) WHERE root_id IS NULL;`;
