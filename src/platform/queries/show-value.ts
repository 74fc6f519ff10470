import {
  Decimal,
  OpaqueObject,
  PlainDate,
  PlainDateTime,
  PlainTime,
  redact,
  TimeDelta,
  Uuid,
} from '../../base/index.js';
import { PickledException, pythonRepr } from '../../serialization/index.js';
import type { ShownValue } from '../views/index.js';
import type { ReadValue } from './read-value.js';

const MAX_BYTES = 64 * 1024;
const MAX_NODES = 5000;
const MAX_DEPTH = 64;
const HEX_BYTES = 4096;

/** A stored value made fit for a page. `stored`: as it lies in the database. */
export function showValue(read: ReadValue, stored: Uint8Array | string | null): ShownValue {
  const bytes = stored === null ? 0 : Buffer.byteLength(stored);
  if ('reason' in read) {
    const raw = stored === null ? Buffer.alloc(0) : Buffer.from(stored as string);
    const hex = raw.subarray(0, HEX_BYTES).toString('hex');
    return {
      json: null,
      bytes,
      truncated: raw.length > HEX_BYTES,
      undecodable: { reason: read.reason, hex },
    };
  }
  const room = new Room();
  const json = shown(redact(read.value), room, 0);
  return { json, bytes, truncated: room.used, undecodable: null };
}

/** How much more may be shown. */
class Room {
  #bytes = MAX_BYTES;
  #nodes = MAX_NODES;
  used = false;

  /** False when there is none left for a value of that size. */
  take(bytes: number): boolean {
    this.#bytes -= bytes;
    this.#nodes -= 1;
    if (this.#bytes >= 0 && this.#nodes >= 0) return true;
    this.used = true;
    return false;
  }

  text(text: string): string {
    const rest = Math.max(0, this.#bytes);
    if (Buffer.byteLength(text) <= rest) {
      this.#bytes -= Buffer.byteLength(text);
      return text;
    }
    this.used = true;
    this.#bytes = 0;
    return `${Buffer.from(text)
      .subarray(0, rest)
      .toString('utf8')
      .replace(/\uFFFD+$/, '')}…`;
  }
}

const typed = (type: string, value: unknown): object => ({ $type: type, value });

function shown(value: unknown, room: Room, depth: number): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : typed('float', String(value));
  if (typeof value === 'string') return room.text(value);
  if (typeof value === 'bigint') return typed('int', room.text(String(value)));
  if (typeof value !== 'object') return typed(typeof value, null);
  if (depth > MAX_DEPTH) {
    room.used = true;
    return typed('deeper', null);
  }
  return shownObject(value, room, depth + 1);
}

function shownObject(value: object, room: Room, depth: number): unknown {
  if (Array.isArray(value)) return shownItems(value, room, depth);
  if (value instanceof Uint8Array) return typed('bytes', room.text(Buffer.from(value).toString('base64')));
  if (value instanceof Date)
    return typed('datetime', Number.isNaN(value.getTime()) ? null : value.toISOString());
  if (value instanceof Set) return typed('set', shownItems([...value], room, depth));
  if (value instanceof Map) return shownEntries([...value], room, depth);
  for (const [type, kind] of TEXTS) if (value instanceof kind) return typed(type, room.text(value.text));
  if (value instanceof TimeDelta) return typed('timedelta', value.milliseconds / 1000);
  if (value instanceof PickledException || value instanceof OpaqueObject) {
    return typed(`${value.module}.${value.qualname}`, shownItems(value.args, room, depth));
  }
  return shownEntries(Object.entries(value), room, depth);
}

const TEXTS = [
  ['decimal', Decimal],
  ['date', PlainDate],
  ['datetime', PlainDateTime],
  ['time', PlainTime],
  ['uuid', Uuid],
] as const;

function shownItems(items: readonly unknown[], room: Room, depth: number): unknown[] {
  const all: unknown[] = [];
  for (const item of items) {
    if (!room.take(2)) break;
    all.push(shown(item, room, depth));
  }
  return all;
}

function shownEntries(entries: readonly (readonly [unknown, unknown])[], room: Room, depth: number): object {
  const all: [string, unknown][] = [];
  for (const [key, item] of entries) {
    const name = typeof key === 'string' ? key : pythonRepr(key, { maxLength: 200 });
    if (!room.take(Buffer.byteLength(name) + 4)) break;
    all.push([name, shown(item, room, depth)]);
  }
  return Object.fromEntries(all);
}
