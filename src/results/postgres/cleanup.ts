import type { Session } from '../../postgres/index.js';
import type { TableShape } from './table-shape.js';

/** Rows removed by one statement: locks and time stay small, whatever has gathered. */
const BATCH = 1000;

/** Removes rows that ended before that moment, in batches; resolves with their number. */
export async function removeOlder(session: Session, shape: TableShape, before: Date): Promise<number> {
  const { quoted } = shape.table;
  const limit = `to_timestamp($1::float8)${shape.zoned ? '' : " AT TIME ZONE 'UTC'"}`;
  const text = `DELETE FROM ${quoted} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${quoted} WHERE date_done < ${limit} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;
  let removed = 0;
  for (;;) {
    const { rowCount } = await session.query({ text, values: [before.getTime() / 1000] });
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}
