import { hasCode, ToolboxError } from '../../base/index.js';
import { celeryMeta, plainMeta } from '../meta-format.js';
import type { PayloadFormat } from '../payload-format.js';
import { type Weight, weightOf } from '../precedence.js';
import type { ResultRecord } from '../result-backend.js';
import type { QueuedRow } from '../store-queue.js';

/** Redis takes no longer values. */
const MAX_BYTES = 512 * 1024 * 1024;

/** A record as Redis takes it. */
export interface EncodedResult extends QueuedRow {
  readonly status: string;
  readonly weight: Weight;
  readonly payload: Buffer;
}

/** Encodes at once. Throws ENCODE_FAILED. */
export function encodeRecord(record: ResultRecord, nowMs: number, format: PayloadFormat): EncodedResult {
  const payload = bufferOf(encodedMeta(record, nowMs, format));
  if (payload.length > MAX_BYTES) {
    throw new ToolboxError(
      'ENCODE_FAILED',
      `The result of task ${record.taskId} has ${payload.length} bytes; Redis takes ${MAX_BYTES}`,
      { fields: { taskId: record.taskId, bytes: payload.length } },
    );
  }
  const { taskId, status } = record;
  return { taskId, status, weight: weightOf(record), payload, size: 200 + payload.length };
}

/** The same, compressed. */
export async function compressed(row: EncodedResult, format: PayloadFormat): Promise<EncodedResult> {
  if (format.compress === undefined) return row;
  const payload = bufferOf(await format.compress(row.payload));
  return { ...row, payload, size: 200 + payload.length };
}

function encodedMeta(record: ResultRecord, nowMs: number, format: PayloadFormat): Uint8Array {
  try {
    return format.encode(celeryMeta(record, nowMs));
  } catch (error) {
    if (record.extended === undefined || !hasCode(error, 'ENCODE_FAILED')) throw error;
    return format.encode(plainMeta(record, nowMs));
  }
}

export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
