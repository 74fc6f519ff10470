import type { Delivery } from '../../messaging/index.js';
import type { Database } from '../store/database.js';
import { toJsonb } from '../tracking/jsonb.js';

/** Larger messages are not kept: their tasks cannot be retried from here. */
const MAX_BODY = 256 * 1024;

const KEEP = {
  name: 'workertoolbox-keep-messages',
  text: `INSERT INTO workertoolbox.task_message
    (task_id, exchange, routing_key, content_type, content_encoding, headers, properties, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[], $8::bytea[])
    ON CONFLICT (task_id) DO NOTHING`,
};

/** Keeps the messages of tasks as they came, the first of each task. */
export async function keepMessages(
  database: Database,
  messages: readonly { readonly taskId: string; readonly delivery: Delivery }[],
): Promise<void> {
  const kept = new Map(
    messages
      .filter(({ delivery }) => delivery.body.byteLength <= MAX_BODY)
      .map((one) => [one.taskId, one.delivery]),
  );
  if (kept.size === 0) return;
  const deliveries = [...kept.values()];
  const column = <T>(pick: (delivery: Delivery) => T): T[] => deliveries.map(pick);
  await database.query({
    ...KEEP,
    values: [
      [...kept.keys()],
      column(({ info }) => info.exchange),
      column(({ info }) => info.routingKey),
      column(({ contentType }) => contentType),
      column(({ contentEncoding }) => contentEncoding),
      column(({ headers }) => toJsonb(headers)),
      column(({ properties }) => toJsonb(properties)),
      column(({ body }) => Buffer.from(body)),
    ],
  });
}
