import { createHash } from 'node:crypto';
import type { QuarantinedMessage } from '../../worker/index.js';

/** Given anew with each delivery or publish. */
const PASSING = new Set(['delivery_tag', 'delivery_info']);

/** The same for messages that are the same in everything that was sent, and in what is wrong with them. */
export function fingerprintOf(message: QuarantinedMessage, headers: string, properties: object): string {
  const { queue, code, contentType, contentEncoding, bytes } = message;
  const kept = Object.entries(properties).filter(([name]) => !PASSING.has(name));
  return createHash('sha256')
    .update(JSON.stringify([queue, code, contentType, contentEncoding, headers, kept.sort()]))
    .update(bytes)
    .digest('base64url');
}
