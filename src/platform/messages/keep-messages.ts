import { hasCode, type Logger, messageOf } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import type { Database } from '../store/database.js';
import { storableText, toJsonb } from '../tracking/jsonb.js';

/** Larger messages are not kept: their tasks cannot be retried from here. */
const MAX_BODY = 256 * 1024;

const KEEP = {
  name: 'workertoolbox-keep-messages',
  text: `INSERT INTO workertoolbox.task_message
    (task_id, exchange, routing_key, content_type, content_encoding, headers, properties, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::bytea[])
    ON CONFLICT (task_id) DO NOTHING`,
};

interface TaskDelivery {
  readonly task: { readonly taskId: string };
  readonly delivery: Delivery;
}

/**
 * Keeps the messages of tasks as they came, the first of each task. Recording does not depend on it: where the table is missing
 * or may not be written, that is said once.
 */
export function messageKeeper(
  database: Database,
  logger: Logger,
): (messages: readonly TaskDelivery[]) => Promise<void> {
  let possible = true;
  return async (messages) => {
    try {
      if (possible) await keepMessages(database, messages);
    } catch (error) {
      if (!hasCode(error, 'STORE_REFUSED')) throw error;
      possible = error.fields.data === true;
      logger.warn(
        { error: messageOf(error) },
        'messages are not kept: tasks can be retried from the task table only',
      );
    }
  };
}

async function keepMessages(database: Database, messages: readonly TaskDelivery[]): Promise<void> {
  const kept = new Map(
    messages
      .filter(({ delivery }) => delivery.body.byteLength <= MAX_BODY)
      .map((one) => [one.task.taskId, one.delivery]),
  );
  if (kept.size === 0) return;
  const deliveries = [...kept.values()];
  const column = <T>(pick: (delivery: Delivery) => T): T[] => deliveries.map(pick);
  await database.query({
    ...KEEP,
    values: [
      [...kept.keys()],
      column(({ info }) => storableText(info.exchange)),
      column(({ info }) => storableText(info.routingKey)),
      column(({ contentType }) => storableText(contentType)),
      column(({ contentEncoding }) => storableText(contentEncoding)),
      column(({ headers }) => toJsonb(headers)),
      column(({ properties }) => toJsonb(properties)),
      column(({ body }) => Buffer.from(body)),
    ],
  });
}
