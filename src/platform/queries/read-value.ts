import { messageOf } from '../../base/index.js';
import { decodeResult, type StoredFailure } from '../../results/index.js';
import { DEFAULT_DECODE_BUDGET, jsonCodec, pythonRepr } from '../../serialization/index.js';

const json = jsonCodec({ envelopes: true });

/** A stored value as data, or why it is none. Runs nothing, imports nothing. */
export type ReadValue = { readonly value: unknown } | { readonly reason: string };

/** A column of results: a pickle or JSON in bytes, or a text of JSON. */
export function readResult(status: string, stored: Uint8Array | string | null): ReadValue {
  try {
    const bytes = typeof stored === 'string' ? Buffer.from(stored) : stored;
    return { value: decodeResult(status, bytes) };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

/** A text of jsonb, with Python's types in kombu's tagged form. */
export function readJsonb(text: string): ReadValue {
  try {
    return {
      value: json.decode(Buffer.from(text), { ...DEFAULT_DECODE_BUDGET, maxBytes: Number.MAX_SAFE_INTEGER }),
    };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}

/** The failure that a result in FAILURE, RETRY or REVOKED is; undefined where it is none. */
export function failureIn(read: ReadValue): StoredFailure | undefined {
  const value = 'value' in read ? read.value : undefined;
  return typeof value === 'object' && value !== null && 'exc_type' in value
    ? (value as StoredFailure)
    : undefined;
}

/** `ValueError: too large`, as people say it. */
export const failureMessage = ({ exc_message }: StoredFailure): string =>
  exc_message.map((part) => (typeof part === 'string' ? part : pythonRepr(part))).join(', ');
