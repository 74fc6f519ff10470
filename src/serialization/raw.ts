import { ToolboxError } from '../base/index.js';
import { RAW_TYPE } from './accepted.js';
import type { DecodeBudget, Encoded } from './codec.js';
import { checkBytes, decodeFailed } from './failures.js';
import { asBuffer, decodeUtf8 } from './text.js';

/** Content that no codec writes: the serializer `raw`, and text and bytes that are sent without a serializer. */
export function encodeRaw(value: unknown, textType = RAW_TYPE): Encoded {
  if (typeof value === 'string')
    return { body: Buffer.from(value, 'utf8'), contentType: textType, contentEncoding: 'utf-8' };
  if (value instanceof Uint8Array) return { body: value, contentType: RAW_TYPE, contentEncoding: 'binary' };
  throw new ToolboxError('ENCODE_FAILED', '$ cannot be written as raw: it takes text or bytes only', {
    fields: { path: '$', format: 'raw' },
  });
}

const BINARY: ReadonlySet<string> = new Set(['binary', 'ascii-8bit']);
const LATIN1: ReadonlySet<string> = new Set(['latin-1', 'latin1', 'iso-8859-1']);
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'ascii', 'us-ascii']);

/** Text in the charset that the message names, or bytes. */
export function decodeRaw(body: Uint8Array, contentEncoding: string, budget: DecodeBudget): unknown {
  checkBytes('raw', body, budget);
  const charset = (contentEncoding || 'utf-8').toLowerCase();
  if (BINARY.has(charset)) return body;
  if (LATIN1.has(charset)) return asBuffer(body).toString('latin1');
  const text = UTF8.has(charset) ? decodeUtf8(body) : undefined;
  if (text === undefined)
    throw decodeFailed('raw', `it is not ${charset.slice(0, 32)} text that we can read`);
  return text;
}
