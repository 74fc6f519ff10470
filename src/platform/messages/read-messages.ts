import { readStoredJson } from '../outbox/index.js';
import type { Database } from '../store/database.js';

/** A task's message as it came. */
export interface KeptMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Given anew by whoever sends or delivers a message. */
const PASSING = ['delivery_tag', 'delivery_info', 'body_encoding', 'MessageDeduplicationId'];

/** By task id; those that were not kept are missing. */
export async function readMessages(
  database: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeptMessage>> {
  type Row = Omit<KeptMessage, 'headers' | 'properties'> & {
    id: string;
    headers: string;
    properties: string;
  };
  const rows = await database.query<Row & Record<string, unknown>>({
    name: 'workertoolbox-read-messages',
    text: `SELECT task_id AS id, exchange, routing_key AS "routingKey", content_type AS "contentType",
      content_encoding AS "contentEncoding", headers::text, properties::text, body
      FROM workertoolbox.task_message WHERE task_id = ANY($1)`,
    values: [ids],
  });
  return new Map(
    rows.map(({ id, headers, properties, ...row }) => {
      const sent = readStoredJson(properties);
      for (const name of PASSING) delete sent[name];
      return [id, { ...row, headers: readStoredJson(headers), properties: sent }];
    }),
  );
}
