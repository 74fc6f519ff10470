import { createHash } from 'node:crypto';
import type { MessageAttributes } from './attributes.js';

/** SQS answers with MD5 digests so that clients notice damage on the way; the SDKs check them. */
export const md5 = (data: string | Uint8Array): string => createHash('md5').update(data).digest('hex');

const STRING_VALUE = 1;
const BINARY_VALUE = 2;

/**
 * The digest of a message's attributes: sorted by name; name, type and value each with a 4-byte length before it,
 * and one byte telling text from binary. Source: "Calculating the MD5 message digest for message attributes" in the
 * SQS developer guide.
 */
export function attributesMd5(attributes: MessageAttributes): string {
  const digest = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    if (BinaryValue === undefined) {
      digest.update(Uint8Array.of(STRING_VALUE));
      add(Buffer.from(StringValue ?? ''));
    } else {
      digest.update(Uint8Array.of(BINARY_VALUE));
      add(Buffer.from(BinaryValue, 'base64'));
    }
  }
  return digest.digest('hex');
}
