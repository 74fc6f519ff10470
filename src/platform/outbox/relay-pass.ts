import type { App } from '../../app/index.js';
import { backoffMs, type Logger, messageOf } from '../../base/index.js';
import type { Database } from '../store/database.js';
import { deliver, isHopeless } from './deliver.js';
import { OUTBOX_COLUMNS, type OutboxRow } from './outbox-row.js';

/** First half of the key of the locks on families; the second is the family's hash. */
const LOCK = 1_668_773_987;
const WINDOW = 1000;
const PAUSE = { baseMs: 500, maxMs: 60_000 };

/** Families whose next message is due and which no other relay works on: ours until they are let go, or the connection ends. */
const TAKE_FAMILIES = {
  name: 'workertoolbox-outbox-families',
  text: `WITH open AS MATERIALIZED (
    SELECT id, family, due FROM workertoolbox.outbox WHERE sent IS NULL AND failed IS NULL ORDER BY id LIMIT ${WINDOW}
  ), heads AS MATERIALIZED (SELECT DISTINCT ON (family) family, due FROM open ORDER BY family, id)
  SELECT family FROM heads WHERE due <= now() AND pg_try_advisory_lock(${LOCK}, hashtext(family))`,
};

/** Says that they are about to be sent, before they are: whoever finds them so knows that they may have been. */
const TAKE_ROWS = {
  name: 'workertoolbox-outbox-take',
  text: `WITH next AS (
    SELECT id FROM workertoolbox.outbox WHERE family = ANY($1) AND sent IS NULL AND failed IS NULL ORDER BY id LIMIT $2
  ), taken AS (
    UPDATE workertoolbox.outbox SET attempts = attempts + 1 WHERE id IN (SELECT id FROM next) RETURNING *
  ) SELECT ${OUTBOX_COLUMNS} FROM taken ORDER BY taken.id`,
};

const SETTLE = {
  name: 'workertoolbox-outbox-settle',
  text: `WITH told AS (SELECT * FROM jsonb_to_recordset($1::jsonb)
      AS t(id bigint, outcome text, error text, pause_ms float8))
    UPDATE workertoolbox.outbox o SET
      sent = CASE WHEN t.outcome = 'sent' THEN now() END,
      failed = CASE WHEN t.outcome = 'failed' THEN now() END,
      attempts = o.attempts - CASE WHEN t.outcome = 'untried' THEN 1 ELSE 0 END,
      due = now() + coalesce(t.pause_ms, 0) * interval '1 millisecond',
      error = t.error,
      body = CASE WHEN t.outcome <> 'sent' THEN o.body END, call = CASE WHEN t.outcome <> 'sent' THEN o.call END,
      headers = CASE WHEN t.outcome <> 'sent' THEN o.headers END,
      properties = CASE WHEN t.outcome <> 'sent' THEN o.properties END
    FROM told t WHERE o.id = t.id`,
};

interface Settled {
  readonly id: string;
  readonly outcome: 'sent' | 'failed' | 'later' | 'untried';
  readonly error?: string;
  readonly pause_ms?: number;
}

export interface RelayParts {
  readonly app: App;
  readonly database: Database;
  readonly logger: Logger;
  /** Called between publishing and saying so. For fault tests. */
  readonly afterPublish?: () => void;
}

/**
 * Sends what is due, at most `limit` messages, each family in its order; resolves with the number of messages dealt with. Any
 * number of programs may do so at once. Ended between a publish and its record, it leaves the message to be looked for.
 */
export async function relayPass(parts: RelayParts, limit = 200): Promise<number> {
  return parts.database.alone(async (query) => {
    const families = await query<{ family: string }>(TAKE_FAMILIES);
    if (families.length === 0) return 0;
    try {
      const rows = await query<OutboxRow & Record<string, unknown>>({
        ...TAKE_ROWS,
        values: [families.map(({ family }) => family), limit],
      });
      const settled = (
        await Promise.all(
          families.map(({ family }) =>
            inOrder(
              parts,
              rows.filter((row) => row.family === family),
            ),
          ),
        )
      ).flat();
      parts.afterPublish?.();
      await query({ ...SETTLE, values: [JSON.stringify(settled)] });
      return settled.filter(({ outcome }) => outcome === 'sent' || outcome === 'failed').length;
    } finally {
      await query({ text: 'SELECT pg_advisory_unlock_all()' });
    }
  });
}

/** What cannot be sent now holds up its family; what can never be sent does not. */
async function inOrder({ app, logger }: RelayParts, rows: readonly OutboxRow[]): Promise<readonly Settled[]> {
  const settled: Settled[] = [];
  let waits = false;
  for (const row of rows) {
    const { id, task_id, task, attempts } = row;
    if (waits) {
      settled.push({ id, outcome: 'untried' });
      continue;
    }
    try {
      await deliver(app, row);
      settled.push({ id, outcome: 'sent' });
    } catch (cause) {
      const error = messageOf(cause);
      const failed = isHopeless(cause);
      logger.error({ id: task_id, task, error, failed }, 'outbox: a message could not be sent');
      waits = !failed;
      settled.push(
        failed
          ? { id, outcome: 'failed', error }
          : { id, outcome: 'later', error, pause_ms: backoffMs(attempts - 1, PAUSE) },
      );
    }
  }
  return settled;
}
