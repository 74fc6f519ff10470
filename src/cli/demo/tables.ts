import pg from 'pg';
import { withClient } from '../database-admin.js';
import { table } from '../output.js';

/** The rows of a family in the task table and in the result table, as text. */
export const rowsOf = (database: string, rootId: string): Promise<string> =>
  withClient(database, async (client) => {
    const tasks = await client.query<Record<string, string>>(
      `SELECT left(task_id, 8) AS task_id, type, left(parent_id, 8) AS parent_id, to_char(created_date, 'HH24:MI:SS.MS') AS created_date
       FROM tasks_backgroundtask WHERE root_id = $1 ORDER BY created_date, tasks_backgroundtask.task_id`,
      [rootId],
    );
    const results = await client.query<Record<string, string>>(
      `SELECT left(r.task_id, 8) AS task_id, r.status, length(r.result) || ' bytes' AS result, to_char(r.date_done, 'HH24:MI:SS.MS') AS date_done
       FROM celery_taskmeta r JOIN tasks_backgroundtask t USING (task_id) WHERE t.root_id = $1 ORDER BY t.created_date, t.task_id`,
      [rootId],
    );
    return [asTable('tasks_backgroundtask', tasks), asTable('celery_taskmeta', results)].join('\n\n');
  });

const asTable = (name: string, { fields, rows }: pg.QueryResult<Record<string, string>>): string => {
  const columns = fields.map((field) => field.name);
  const body = rows.map((row) => columns.map((column) => row[column] ?? ''));
  return `${name} (${rows.length} rows)\n${table([columns, ...body]).replace(/^/gm, '  ')}`;
};
