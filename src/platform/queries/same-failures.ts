import type { Database } from '../store/database.js';
import { storeShape } from '../store/store-shape.js';

const COUNTED = 1000;

/**
 * How many tasks of that name failed with that exception in the last 24 hours, a thousand at most. Results are bytes: the name of the
 * exception is looked for in them as it stands in a pickle or in JSON.
 */
export async function sameFailures(database: Database, name: string, type: string): Promise<number> {
  const { zoned } = await storeShape(database);
  const since = zoned ? "now() - interval '1 day'" : "(now() - interval '1 day') AT TIME ZONE 'UTC'";
  const [row] = await database.query<{ count: number }>({
    text: `SELECT count(*)::int AS count FROM (SELECT 1 FROM celery_taskmeta r JOIN tasks_backgroundtask t ON t.task_id = r.task_id
      WHERE r.status = 'FAILURE' AND r.date_done > ${since} AND t.type = $1
      AND position(convert_to($2::text, 'UTF8') IN r.result) > 0 LIMIT ${COUNTED}) same`,
    values: [name, type],
  });
  return row?.count ?? 0;
}
