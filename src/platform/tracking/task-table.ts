import { ToolboxError } from '../../base/index.js';
import type { Database } from '../store/database.js';

/** What differs between our task table and the Django one. */
export interface TaskTable {
  /** parent_id and root_id are foreign keys: their rows must exist at commit. */
  readonly selfReferences: boolean;
}

/** Looks at the task table that is there. @throws STORE_REFUSED when there is none. */
export async function inspectTaskTable(database: Database): Promise<TaskTable> {
  const rows = await database.query<{ present: boolean; references: string[] | null }>({
    text: `SELECT to_regclass('tasks_backgroundtask') IS NOT NULL AS present,
      (SELECT array_agg(confrelid::regclass::text) FROM pg_constraint
       WHERE contype = 'f' AND conrelid = to_regclass('tasks_backgroundtask')) AS references`,
  });
  if (rows[0]?.present !== true) {
    throw new ToolboxError(
      'STORE_REFUSED',
      `there is no table tasks_backgroundtask in ${database.url}: create it with \`workertoolbox migrate\``,
    );
  }
  return { selfReferences: rows[0].references?.includes('tasks_backgroundtask') ?? false };
}
