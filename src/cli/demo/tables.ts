import type { Database } from '../../platform/index.js';
import { table } from '../output.js';

const TASKS = `
SELECT left(task_id, 8) AS task_id, type, COALESCE(left(parent_id, 8), '') AS parent_id,
  to_char(created_date, 'HH24:MI:SS.MS') AS created_date
FROM tasks_backgroundtask WHERE root_id = $1 ORDER BY tasks_backgroundtask.created_date, tasks_backgroundtask.task_id`;

const RESULTS = `
SELECT left(r.task_id, 8) AS task_id, r.status, length(r.result) || ' bytes' AS result,
  to_char(r.date_done, 'HH24:MI:SS.MS') AS date_done
FROM celery_taskmeta r JOIN tasks_backgroundtask t USING (task_id)
WHERE t.root_id = $1 ORDER BY t.created_date, t.task_id`;

/** The rows of a family in the task table and in the result table, as text. */
export async function rowsOf(database: Database, rootId: string): Promise<string> {
  const rows = (text: string): Promise<readonly Record<string, string>[]> =>
    database.query({ text, values: [rootId] });
  return [
    asTable('tasks_backgroundtask', await rows(TASKS)),
    asTable('celery_taskmeta', await rows(RESULTS)),
  ].join('\n\n');
}

function asTable(name: string, rows: readonly Record<string, string>[]): string {
  const body = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))];
  return `${name} (${rows.length} rows)\n${table(body).replace(/^/gm, '  ')}`;
}
