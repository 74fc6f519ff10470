import type { Quarantine, QuarantinedMessage } from '../../worker/index.js';
import type { Database } from '../store/database.js';
import { storableText, toJsonb } from '../tracking/jsonb.js';
import { fingerprintOf } from './fingerprint.js';
import { QuarantineLimits } from './limits.js';

/** Larger bodies are kept in part, and marked: they can be read, and not be replayed. */
export const MAX_KEPT_BODY = 1024 * 1024;
const MAX_NAME = 500;

const INSERT = {
  name: 'workertoolbox-quarantine',
  text: `INSERT INTO workertoolbox.quarantine AS known
    (queue, code, reason, task_id, task_name, content_type, content_encoding, headers, properties, body, truncated, bytes, fingerprint, count)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
      $9::jsonb[], $10::bytea[], $11::boolean[], $12::bigint[], $13::text[], $14::int[])
    ON CONFLICT (fingerprint) DO UPDATE SET count = known.count + EXCLUDED.count, last_seen = now(), reason = EXCLUDED.reason`,
};

/** A quarantine that takes many messages at once. */
export interface BatchQuarantine extends Quarantine {
  putAll(messages: readonly QuarantinedMessage[]): Promise<void>;
}

interface Kept {
  readonly message: QuarantinedMessage;
  readonly headers: string;
  readonly properties: string;
  readonly fingerprint: string;
  count: number;
}

/**
 * Keeps messages that nobody could process in `workertoolbox.quarantine`, with their bytes and the reason: at most 10,000 and
 * 100 MiB, for 30 days since they were seen last.
 */
export function postgresQuarantine(database: Database): BatchQuarantine {
  const limits = new QuarantineLimits(database);
  const putAll = async (messages: readonly QuarantinedMessage[]): Promise<void> => {
    const kept = distinct(messages);
    const column = <T>(pick: (one: Kept) => T): T[] => kept.map(pick);
    const text = (pick: (message: QuarantinedMessage) => unknown): (string | null)[] =>
      column(({ message }) => {
        const value = pick(message);
        return typeof value === 'string' ? storableText(value).slice(0, MAX_NAME) : null;
      });
    await database.query({
      ...INSERT,
      values: [
        text((message) => message.queue),
        text((message) => message.code),
        column(({ message }) => storableText(message.reason).slice(0, 4000)),
        text((message) => message.headers.id),
        text((message) => message.headers.task),
        text((message) => message.contentType),
        text((message) => message.contentEncoding),
        column(({ headers }) => headers),
        column(({ properties }) => properties),
        column(({ message }) => Buffer.from(message.bytes.subarray(0, MAX_KEPT_BODY))),
        column(({ message }) => message.bytes.byteLength > MAX_KEPT_BODY),
        column(({ message }) => message.bytes.byteLength),
        column(({ fingerprint }) => fingerprint),
        column(({ count }) => count),
      ],
    });
    await limits.added(kept.length);
  };
  return { putAll, put: (message) => putAll([message]) };
}

/** One statement may touch a row once. */
function distinct(messages: readonly QuarantinedMessage[]): readonly Kept[] {
  const kept = new Map<string, Kept>();
  for (const message of messages) {
    const headers = toJsonb(message.headers);
    const properties = toJsonb(message.properties);
    const fingerprint = fingerprintOf(message, headers, JSON.parse(properties) as object);
    const known = kept.get(fingerprint);
    if (known === undefined) kept.set(fingerprint, { message, headers, properties, fingerprint, count: 1 });
    else known.count += 1;
  }
  return [...kept.values()];
}
