import { done, skipped } from '../items.js';
import type { Performer } from '../performer.js';

/** Takes messages out of quarantine for good; the audit keeps what they were. */
export const discardQuarantined: Performer<'quarantine.discard'> = async (
  { database },
  { targets, parameters },
) => {
  const rows = await database.query<{ id: string; queue: string; task_id: string | null }>({
    text: `DELETE FROM workertoolbox.quarantine WHERE id::text = ANY($1)
      RETURNING id, queue, code, reason, task_id, task_name, count, bytes, first_seen`,
    values: [targets],
  });
  const gone = new Set(rows.map(({ id }) => id));
  return {
    items: targets.map((id) =>
      gone.has(id) ? done(id, `discarded: ${parameters.note}`) : skipped(id, 'is not in quarantine any more'),
    ),
    detail: { discarded: rows },
  };
};
