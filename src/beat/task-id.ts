import { createHash } from 'node:crypto';

/**
 * The id of the run of an entry that is due at `tick`: the same for whoever sends it, so that a run sent twice is one task
 * to everything that knows tasks by their ids. A UUID of version 8 over app, entry and time.
 */
export function taskIdOf(app: string, entry: string, tick: number): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([app, entry, tick]))
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x80;
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
