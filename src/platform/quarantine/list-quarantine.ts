import { z } from 'zod';
import type { Database } from '../store/database.js';
import { readCursor } from '../store/id-cursor.js';
import type { QuarantineItem, QuarantinePage } from '../views/index.js';

export const quarantineQuery = z.object({
  queue: z.string().max(512).optional(),
  code: z.string().max(100).optional(),
  /** Name of the task, or its id. */
  task: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(100).optional(),
});
export type QuarantineQuery = z.input<typeof quarantineQuery>;

export interface QuarantineRow {
  readonly id: string;
  readonly queue: string;
  readonly code: string;
  readonly reason: string;
  readonly task_id: string | null;
  readonly task_name: string | null;
  readonly first_seen: Date;
  readonly last_seen: Date;
  readonly count: number;
  readonly bytes: string;
  readonly truncated: boolean;
}

export const ITEM_COLUMNS =
  'id, queue, code, reason, task_id, task_name, first_seen, last_seen, count, bytes, truncated';

const FILTER = `($1::text IS NULL OR queue = $1) AND ($2::text IS NULL OR code = $2)
  AND ($3::text IS NULL OR task_name = $3 OR task_id = $3)`;

/** Newest first, with the number of messages by queue and reason. @throws CONFIG_INVALID for a cursor that is none. */
export async function listQuarantine(
  database: Database,
  query: QuarantineQuery = {},
): Promise<QuarantinePage> {
  const { queue = null, code = null, task = null, limit, cursor } = quarantineQuery.parse(query);
  const from = readCursor(cursor);
  const [rows, groups] = await Promise.all([
    database.query<QuarantineRow>({
      text: `SELECT ${ITEM_COLUMNS} FROM workertoolbox.quarantine
        WHERE ${FILTER} AND ($4::bigint IS NULL OR id ${from.newer ? '>' : '<'} $4) ORDER BY id ${from.newer ? 'ASC' : 'DESC'} LIMIT $5`,
      values: [queue, code, task, from.id, limit + 1],
    }),
    database.query<{ queue: string; code: string; count: number }>({
      text: `SELECT queue, code, sum(count)::int AS count FROM workertoolbox.quarantine WHERE ${FILTER}
        GROUP BY queue, code ORDER BY 3 DESC, 1, 2`,
      values: [queue, code, task],
    }),
  ]);
  return { ...from.page(rows.map(itemOf), limit), groups: [...groups] };
}

export const itemOf = (row: QuarantineRow): QuarantineItem => ({
  id: row.id,
  queue: row.queue,
  code: row.code,
  reason: row.reason,
  taskId: row.task_id,
  taskName: row.task_name,
  firstSeen: row.first_seen.toISOString(),
  lastSeen: row.last_seen.toISOString(),
  count: row.count,
  bytes: Number(row.bytes),
  truncated: row.truncated,
});
