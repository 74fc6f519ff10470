import { DEFAULT_DECODE_BUDGET, jsonCodec } from '../../serialization/index.js';

/** An outbox row as the relay reads it. JSON comes as text: numbers keep all their digits. */
export interface OutboxRow {
  readonly id: string;
  readonly task_id: string;
  readonly family: string;
  readonly task: string | null;
  readonly call: string | null;
  readonly exchange: string | null;
  readonly routing_key: string | null;
  readonly queue: string | null;
  readonly content_type: string | null;
  readonly content_encoding: string | null;
  readonly headers: string | null;
  readonly properties: string | null;
  readonly body: Buffer | null;
  readonly deduplication: string | null;
  readonly resets: boolean;
  readonly before: Date | null;
  readonly attempts: number;
}

export const OUTBOX_COLUMNS = `id, task_id, family, task, call::text AS call, exchange, routing_key, queue, content_type,
  content_encoding, headers::text AS headers, properties::text AS properties, body, deduplication, resets, before, attempts`;

const json = jsonCodec({ envelopes: true });

/** JSON as kombu writes and reads it. */
export const readStoredJson = (text: string | null): Record<string, unknown> =>
  text === null ? {} : (json.decode(Buffer.from(text), DEFAULT_DECODE_BUDGET) as Record<string, unknown>);
