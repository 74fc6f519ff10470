import { createHash, randomUUID } from 'node:crypto';

/** A new task id: a random UUID (version 4), as Celery makes them. */
export const newId = (): string => randomUUID();

/** The task id that follows from what it is made of, whoever asks: a UUID of version 8. */
export function derivedId(...of: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(of)).digest().subarray(0, 16);
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x80;
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
