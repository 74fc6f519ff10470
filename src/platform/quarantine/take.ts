import { insertPost, POST_PLACES, type Post, postValues, readStoredJson } from '../outbox/index.js';
import type { Database } from '../store/database.js';

/** A message in quarantine, whole. */
export interface QuarantinedRow {
  readonly id: string;
  readonly queue: string;
  readonly code: string;
  readonly task_id: string | null;
  readonly task_name: string | null;
  readonly content_type: string;
  readonly content_encoding: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly truncated: boolean;
  readonly count: number;
}

/** Given anew by whoever sends or delivers a message. */
const PASSING = ['delivery_tag', 'delivery_info', 'body_encoding', 'MessageDeduplicationId'];

export async function readQuarantined(
  database: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, QuarantinedRow>> {
  type Row = Omit<QuarantinedRow, 'headers' | 'properties'> & { headers: string; properties: string };
  const rows = await database.query<Row & Record<string, unknown>>({
    text: `SELECT id, queue, code, task_id, task_name, content_type, content_encoding, headers::text, properties::text, body,
      truncated, count FROM workertoolbox.quarantine WHERE id::text = ANY($1)`,
    values: [ids],
  });
  return new Map(
    rows.map((row) => {
      const properties = readStoredJson(row.properties);
      for (const name of PASSING) delete properties[name];
      return [row.id, { ...row, headers: readStoredJson(row.headers), properties }];
    }),
  );
}

/**
 * Takes a message out of quarantine and puts what is to be sent in its place into the outbox, both or neither: two clicks, or
 * a program that ends in the middle, make one message. False when it was not there any more.
 */
export async function moveToOutbox(database: Database, id: string, post: Post): Promise<boolean> {
  const rows = await database.query({
    name: 'workertoolbox-quarantine-move',
    text: `WITH moved AS (DELETE FROM workertoolbox.quarantine WHERE id = $${POST_PLACES + 1}::bigint RETURNING id)
      ${insertPost('FROM moved')}`,
    values: [...postValues(post), id],
  });
  return rows.length > 0;
}
