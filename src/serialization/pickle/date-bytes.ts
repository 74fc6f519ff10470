import { OpaqueObject, PlainDate, PlainDateTime, PlainTime } from '../../base/index.js';
import {
  checkedDate,
  checkedTime,
  type DateFields,
  formatDate,
  formatTime,
  type TimeFields,
  toInstant,
} from '../iso-time.js';
import type { Construction, NodeReader } from './construction.js';

/** In the first byte of a time, and in the month of a datetime: the second of two equal clock times (PEP 495). */
const FOLD = 0x80;

/** `datetime.date(4 bytes)`: year big-endian, month, day. */
export function readDate({ args }: Construction, from: NodeReader): PlainDate | undefined {
  const bytes = fixedBytes(args[0], 4, from);
  const fields = bytes && dateFields(bytes);
  return fields && new PlainDate(formatDate(fields));
}

/** `datetime.time(6 bytes[, tzinfo])`. */
export function readTime({ args }: Construction, from: NodeReader): PlainTime | OpaqueObject | undefined {
  const bytes = fixedBytes(args[0], 6, from);
  const fields = bytes && timeFields(bytes, 0, null);
  if (!fields || args[1] === undefined) return fields && new PlainTime(formatTime(fields));
  const zone = from.read(args[1]);
  const offset = from.zones.fixed(zone);
  if (offset === undefined)
    return new OpaqueObject('datetime', 'time', [new PlainTime(formatTime(fields)), zone]);
  return new PlainTime(formatTime({ ...fields, offset }));
}

/** `datetime.datetime(10 bytes[, tzinfo])`. One whose zone we do not know stays an object of clock time and zone. */
export function readDateTime(
  { args }: Construction,
  from: NodeReader,
): Date | PlainDateTime | OpaqueObject | undefined {
  const bytes = fixedBytes(args[0], 10, from);
  const date = bytes && dateFields(bytes);
  const time = bytes && timeFields(bytes, 4, null);
  if (!date || !time) return undefined;
  const plain = new PlainDateTime(`${formatDate(date)}T${formatTime(time)}`);
  if (args[1] === undefined || args[1] === null) return plain;
  const zone = from.read(args[1]);
  const offset = from.zones.at(zone, { ...date, ...time }, ((bytes[2] ?? 0) & FOLD) !== 0);
  if (offset === undefined) return new OpaqueObject('datetime', 'datetime', [plain, zone]);
  return toInstant({ ...date, ...time, offset });
}

function fixedBytes(
  node: Construction['args'][number] | undefined,
  length: number,
  from: NodeReader,
): Uint8Array | undefined {
  if (node === undefined) return undefined;
  // Python 2 wrote these bytes as its text type.
  const bytes = typeof node === 'object' && node !== null && 'bytes' in node ? node.bytes : from.read(node);
  return bytes instanceof Uint8Array && bytes.length === length ? bytes : undefined;
}

function dateFields([high = 0, low = 0, month = 0, day = 0]: Uint8Array): DateFields | undefined {
  return checkedDate(high * 256 + low, month & ~FOLD, day);
}

function timeFields(bytes: Uint8Array, at: number, offset: number | null): TimeFields | undefined {
  const [hour = 0, minute = 0, second = 0, high = 0, middle = 0, low = 0] = bytes.subarray(at);
  return checkedTime(hour & ~FOLD, minute, second, high * 65_536 + middle * 256 + low, offset);
}

/** The bytes of a date, a time, or both, as Python pickles them. */
export function dateBytes(date: DateFields | null, time: TimeFields | null): Uint8Array {
  const bytes: number[] = [];
  if (date) bytes.push(date.year >> 8, date.year & 0xff, date.month, date.day);
  if (time) {
    const { hour, minute, second, microsecond } = time;
    bytes.push(hour, minute, second, microsecond >> 16, (microsecond >> 8) & 0xff, microsecond & 0xff);
  }
  return Uint8Array.from(bytes);
}
