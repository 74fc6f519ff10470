import type { AnyState } from '../../base/index.js';
import type { Database } from '../store/database.js';
import { storeShape } from '../store/store-shape.js';
import { overall, UNLOCK } from './family.js';

/** Of the counts that triggers keep, where they do. */
const COUNTS = {
  name: 'workertoolbox-family-counts',
  text: `
SELECT total, succeeded, failed, revoked, pending FROM workertoolbox.family_state
WHERE root_id = COALESCE((SELECT root_id FROM tasks_backgroundtask WHERE task_id = $1), $1) AND total > 0`,
};

const STATES = {
  name: 'workertoolbox-family-states',
  text: `
SELECT DISTINCT COALESCE(r.status, 'PENDING') AS status
FROM tasks_backgroundtask t LEFT JOIN celery_taskmeta r ON r.task_id = t.task_id
WHERE t.root_id = COALESCE((SELECT root_id FROM tasks_backgroundtask WHERE task_id = $1), $1) AND t.type <> '${UNLOCK}'`,
};

interface Counts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly revoked: number;
  readonly pending: number;
}

/**
 * One state for the whole family of a task, whichever member's id is given; undefined when nothing of it was ever recorded. Of one row
 * where states are counted, whatever the size of the family.
 */
export async function overallStatus(database: Database, taskId: string): Promise<AnyState | undefined> {
  const { states } = await storeShape(database);
  if (states) {
    const [counts] = await database.query<Counts>({ ...COUNTS, values: [taskId] });
    if (counts === undefined) return undefined;
    const status = statusOf(counts);
    if (status !== undefined) return status;
  }
  const rows = await database.query<{ status: string }>({ ...STATES, values: [taskId] });
  return rows.length === 0 ? undefined : overall(rows.map(({ status }) => status));
}

/** Undefined when all are in states that are not counted: they may be in one, or in several. */
function statusOf({ total, succeeded, failed, revoked, pending }: Counts): AnyState | undefined {
  const counted = { SUCCESS: succeeded, FAILURE: failed, REVOKED: revoked, PENDING: pending };
  const states = Object.entries(counted).flatMap(([state, count]) => (count > 0 ? [state] : []));
  if (states.length === 0) return undefined;
  const others = total - succeeded - failed - revoked - pending;
  return overall(others > 0 ? [...states, 'STARTED'] : states);
}
