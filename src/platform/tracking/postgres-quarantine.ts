import type { Quarantine, QuarantinedMessage } from '../../worker/index.js';
import type { Database } from '../store/database.js';
import { storableText, toJsonb } from './jsonb.js';

/** Larger bodies are kept in part, and marked. */
const MAX_BODY = 1024 * 1024;
const MAX_NAME = 500;

const INSERT = {
  name: 'workertoolbox-quarantine',
  text: `INSERT INTO workertoolbox.quarantine
    (queue, code, reason, task_id, task_name, content_type, content_encoding, headers, properties, body, truncated)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::jsonb[], $10::bytea[], $11::boolean[])`,
};

/** Keeps messages that nobody could process in `workertoolbox.quarantine`, with their bytes and the reason. */
export function postgresQuarantine(
  database: Database,
): Quarantine & { putAll(messages: readonly QuarantinedMessage[]): Promise<void> } {
  const putAll = async (messages: readonly QuarantinedMessage[]): Promise<void> => {
    const column = <T>(pick: (message: QuarantinedMessage) => T): T[] => messages.map(pick);
    const text = (pick: (message: QuarantinedMessage) => unknown): (string | null)[] =>
      column((message) => {
        const value = pick(message);
        return typeof value === 'string' ? storableText(value).slice(0, MAX_NAME) : null;
      });
    await database.query({
      ...INSERT,
      values: [
        text((message) => message.queue),
        text((message) => message.code),
        column((message) => storableText(message.reason).slice(0, 4000)),
        text((message) => message.headers.id),
        text((message) => message.headers.task),
        text((message) => message.contentType),
        text((message) => message.contentEncoding),
        column((message) => toJsonb(message.headers)),
        column((message) => toJsonb(message.properties)),
        column((message) => Buffer.from(message.bytes.subarray(0, MAX_BODY))),
        column((message) => message.bytes.byteLength > MAX_BODY),
      ],
    });
  };
  return { putAll, put: (message) => putAll([message]) };
}
