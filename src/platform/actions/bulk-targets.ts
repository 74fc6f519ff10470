import { ToolboxError } from '../../base/index.js';
import { listTasks } from '../queries/index.js';
import type { Database } from '../store/database.js';
import type { BulkRequest, TaskFilter } from '../views/index.js';

/** Most items of one bulk work. */
export const MOST_TARGETS = 10_000;
const PAGE = 500;

/**
 * What a filter finds now, oldest first. @throws ACTION_REFUSED when that is over a tenth more than was confirmed, or more
 * than 10,000.
 */
export async function bulkTargets(
  database: Database,
  { action, filter, confirmed }: Pick<BulkRequest, 'action' | 'filter' | 'confirmed'>,
): Promise<readonly string[]> {
  const found = action.startsWith('quarantine.')
    ? await quarantinedIds(database, filter)
    : await taskIds(database, filter);
  if (found.length > MOST_TARGETS) {
    throw refused(action, `the filter finds more than ${MOST_TARGETS}: narrow it`, found.length);
  }
  if (found.length > confirmed * 1.1) {
    throw refused(
      action,
      `${confirmed} were confirmed, and the filter finds ${found.length} by now: look again`,
      found.length,
    );
  }
  return found;
}

async function taskIds(database: Database, filter: TaskFilter): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTasks(database, {
      ...filter,
      sort: 'created',
      order: 'asc',
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && ids.length <= MOST_TARGETS);
  return [...new Set(ids)];
}

/** Of a filter of tasks, `queue` and `type` mean something here. */
async function quarantinedIds(database: Database, { queue, type }: TaskFilter): Promise<readonly string[]> {
  const rows = await database.query<{ id: string }>({
    text: `SELECT id FROM workertoolbox.quarantine WHERE ($1::text IS NULL OR queue = $1) AND ($2::text IS NULL OR task_name = $2)
      ORDER BY workertoolbox.quarantine.id LIMIT ${MOST_TARGETS + 1}`,
    values: [queue ?? null, type ?? null],
  });
  return rows.map(({ id }) => id);
}

const refused = (action: string, why: string, count: number): ToolboxError =>
  new ToolboxError('ACTION_REFUSED', `${action}: ${why}`, { fields: { action, count, reason: 'count' } });
