import { isUtf8 } from 'node:buffer';
import { redact } from '../../base/index.js';
import type { Database } from '../store/database.js';
import type { QuarantineDetail } from '../views/index.js';
import { ITEM_COLUMNS, itemOf, type QuarantineRow } from './list-quarantine.js';

const HEX_BYTES = 4096;
const TEXT_BYTES = 64 * 1024;

interface DetailRow extends QuarantineRow {
  readonly content_type: string;
  readonly content_encoding: string;
  readonly headers: Record<string, unknown>;
  readonly properties: Record<string, unknown>;
  readonly body: Buffer;
}

/**
 * One message as it came, secrets of its headers masked; undefined when it is not (or no longer) there. `text`: the first 64
 * KiB, where that is UTF-8. Bodies are not masked: nobody could read them, so nobody knows what in them is secret.
 */
export async function showQuarantine(database: Database, id: string): Promise<QuarantineDetail | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  const [row] = await database.query<DetailRow>({
    text: `SELECT ${ITEM_COLUMNS}, content_type, content_encoding, headers, properties, substring(body FROM 1 FOR $2) AS body
      FROM workertoolbox.quarantine WHERE id = $1`,
    values: [id, TEXT_BYTES],
  });
  if (row === undefined) return undefined;
  return {
    ...itemOf(row),
    contentType: row.content_type,
    contentEncoding: row.content_encoding,
    headers: redact(row.headers) as Record<string, unknown>,
    properties: redact(row.properties) as Record<string, unknown>,
    body: { text: textOf(row.body), hex: row.body.subarray(0, HEX_BYTES).toString('hex') },
  };
}

/** The cut may have gone through a character. */
function textOf(body: Buffer): string | null {
  for (const end of body.length < TEXT_BYTES ? [0] : [0, 1, 2, 3]) {
    const part = body.subarray(0, body.length - end);
    if (isUtf8(part)) return part.toString('utf8');
  }
  return null;
}
