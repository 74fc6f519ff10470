import { ATTEMPT_TABLE_SQL } from '../../results/index.js';
import { STATE_TABLES_SQL } from './state-tables.js';

/** One index for each way in which the task list is asked, in its order. */
const TASK_INDEXES = `
CREATE INDEX IF NOT EXISTS workertoolbox_task_created ON tasks_backgroundtask (created_date, task_id);
CREATE INDEX IF NOT EXISTS workertoolbox_task_type ON tasks_backgroundtask ((type COLLATE "C"), created_date, task_id);
CREATE INDEX IF NOT EXISTS workertoolbox_task_queue ON tasks_backgroundtask ((options->'delivery_info'->>'routing_key'), created_date, task_id);
CREATE INDEX IF NOT EXISTS workertoolbox_task_creator ON tasks_backgroundtask (creator_id, created_date, task_id) WHERE creator_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS workertoolbox_task_related ON tasks_backgroundtask (related_object_id, created_date, task_id) WHERE related_object_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS workertoolbox_task_retried ON tasks_backgroundtask ((options->>'retried_from')) WHERE options ? 'retried_from';
CREATE INDEX IF NOT EXISTS workertoolbox_task_placeholder ON tasks_backgroundtask (task_id) WHERE options ? 'placeholder';`;

/** What the questions about a million tasks rest on: indexes, states by trigger, attempts. */
export const LEDGER_TABLES_SQL = `${TASK_INDEXES}${ATTEMPT_TABLE_SQL}${STATE_TABLES_SQL}`;
