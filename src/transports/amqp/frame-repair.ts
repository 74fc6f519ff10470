import type { DriverConnection } from './driver.js';

const FRAME_HEADER = 7;
const HEADER_FRAME = 2;
/** Class, weight and body size stand before the property flags. */
const PROPERTY_FLAGS = FRAME_HEADER + 12;
const HAS_CONTENT_TYPE = 0x8000;
const HAS_CONTENT_ENCODING = 0x4000;
const HAS_HEADERS = 0x2000;

/** Bytes of a value by its tag, where that is fixed. */
const FIXED: Readonly<Record<string, number>> = {
  b: 1,
  B: 1,
  t: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  f: 4,
  l: 8,
  d: 8,
  T: 8,
  D: 5,
  V: 0,
};

/**
 * Keeps a message that the client cannot read from ending the connection, again after every reconnect.
 *
 * py-amqp writes integers beyond 31 bits with the tag `L`, RabbitMQ passes it on, and the client knows only `l`, which
 * means the same eight bytes. Only when reading fails is the frame looked at here: `L` becomes `l`; a table with
 * anything else unreadable is emptied, so that the message arrives without headers and can be rejected as invalid.
 */
export function repairUnreadableFrames(connection: DriverConnection, onRepair: (what: string) => void): void {
  const read = connection.recvFrame;
  if (read === undefined || connection.rest === undefined) return;
  connection.recvFrame = function recvFrame(this: DriverConnection): unknown {
    const before = this.rest;
    try {
      return read.call(this);
    } catch (error) {
      const repaired = before === undefined ? undefined : repairHeaderFrame(before);
      if (repaired === undefined) throw error;
      onRepair(repaired);
      this.rest = before as Buffer;
      return read.call(this);
    }
  };
}

/** Repairs in place the content header frame that `bytes` begins with; undefined when there is none to repair. */
export function repairHeaderFrame(bytes: Buffer): string | undefined {
  if (bytes.length < PROPERTY_FLAGS + 2 || bytes[0] !== HEADER_FRAME) return undefined;
  const flags = bytes.readUInt16BE(PROPERTY_FLAGS);
  if ((flags & HAS_HEADERS) === 0) return undefined;
  let at = PROPERTY_FLAGS + 2;
  if (flags & HAS_CONTENT_TYPE) at += 1 + (bytes[at] ?? 0);
  if (flags & HAS_CONTENT_ENCODING) at += 1 + (bytes[at] ?? 0);
  const end = at + 4 + bytes.readUInt32BE(at);
  if (end > FRAME_HEADER + bytes.readUInt32BE(3)) return undefined;
  try {
    walkTable(bytes, at + 4, end);
    return 'wide integer';
  } catch {
    blank(bytes, at, end);
    return 'header table dropped';
  }
}

function walkTable(bytes: Buffer, from: number, end: number): void {
  let at = from;
  while (at < end) {
    at += 1 + bytes.readUInt8(at);
    at = walkValue(bytes, at);
  }
  if (at !== end) throw new RangeError('table length');
}

/** Returns where the next value begins. */
function walkValue(bytes: Buffer, at: number): number {
  const tag = String.fromCharCode(bytes.readUInt8(at));
  if (tag === 'L') {
    bytes[at] = 'l'.charCodeAt(0);
    return at + 9;
  }
  const fixed = FIXED[tag];
  if (fixed !== undefined) return at + 1 + fixed;
  const from = at + 5;
  const end = from + bytes.readUInt32BE(at + 1);
  if (end > bytes.length) throw new RangeError('value length');
  if (tag === 'F') walkTable(bytes, from, end);
  else if (tag === 'A') for (let item = from; item < end; ) item = walkValue(bytes, item);
  else if (tag !== 'S' && tag !== 'x') throw new RangeError(`tag ${tag}`);
  return end;
}

/** The one field of a table that was emptied. */
export const EMPTIED_FIELD = '';

/** Fills the table with one text of spaces under an empty key: same length, readable. */
function blank(bytes: Buffer, at: number, end: number): void {
  const overhead = 1 + 1 + 4;
  const room = end - at - 4 - overhead;
  if (room < 0) throw new RangeError('table too small to blank');
  bytes.fill(0x20, at + 4, end);
  bytes.writeUInt8(0, at + 4);
  bytes.write('S', at + 5);
  bytes.writeUInt32BE(room, at + 6);
}
