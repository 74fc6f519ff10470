import { z } from 'zod';
import type { Database } from '../store/database.js';
import { readCursor } from '../store/id-cursor.js';
import { type AuditEntry, auditEntry, pageOf } from '../views/index.js';

export const auditQuery = z.object({
  user: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(100).optional(),
});
export type AuditQuery = z.input<typeof auditQuery>;
export const auditPage = pageOf(auditEntry);
export type AuditPage = z.infer<typeof auditPage>;

interface Row extends Omit<AuditEntry, 'at'> {
  readonly at: Date;
}

/** Newest first. @throws CONFIG_INVALID for a cursor that is none. */
export async function listAudit(database: Database, query: AuditQuery = {}): Promise<AuditPage> {
  const { user = null, action = null, limit, cursor } = auditQuery.parse(query);
  const from = readCursor(cursor);
  const rows = await database.query<Row>({
    text: `SELECT id, at, username AS user, role, action, target, count, outcome, detail FROM workertoolbox.audit
      WHERE ($1::text IS NULL OR username = $1) AND ($2::text IS NULL OR action = $2)
        AND ($3::bigint IS NULL OR id ${from.newer ? '>' : '<'} $3) ORDER BY id ${from.newer ? 'ASC' : 'DESC'} LIMIT $4`,
    values: [user, action, from.id, limit + 1],
  });
  return from.page(
    rows.map((row) => ({ ...row, at: row.at.toISOString() })),
    limit,
  );
}
