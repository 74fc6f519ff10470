import { MARK, type Mark, type Marked } from './marks.js';
import type { Packed } from './pack.js';
import type { PackedError } from './pack-error.js';
import { unpackError } from './unpack-error.js';
import { asInstance } from './value-classes.js';

/** The value that was packed. */
export const unpack = ({ value, as }: Packed): unknown => (as === 'marked' ? restorer()(value) : value);

/** Restores in place: the clone is ours alone. */
function restorer(): (value: unknown) => unknown {
  const seen = new Set<object>();
  const restore = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return value;
    seen.add(value);
    if (Array.isArray(value)) value.forEach((item, i) => (value[i] = restore(item)));
    else if (value instanceof Map) restoreMap(value, restore);
    else if (value instanceof Set) restoreSet(value, restore);
    else if (Object.getPrototypeOf(value) === Object.prototype) {
      if (Object.hasOwn(value, MARK)) return restored(value as Marked, restore);
      for (const [key, member] of Object.entries(value)) define(value, key, restore(member));
    }
    return value;
  };
  return restore;
}

type Restore = (value: unknown) => unknown;

function restoreMap(map: Map<unknown, unknown>, restore: Restore): void {
  const entries = [...map];
  map.clear();
  for (const [key, member] of entries) map.set(restore(key), restore(member));
}

function restoreSet(set: Set<unknown>, restore: Restore): void {
  const items = [...set];
  set.clear();
  for (const item of items) set.add(restore(item));
}

const STAND_INS: Readonly<Record<Exclude<Mark, 'function'>, (marked: Marked, restore: Restore) => unknown>> =
  {
    class: ({ value, is = '' }, restore) => asInstance(is, restore(value) as object),
    buffer: ({ value }) => {
      // In a message between processes it is a view of the whole message.
      const { buffer, byteOffset, byteLength } = value as Uint8Array<ArrayBuffer>;
      return Buffer.from(buffer, byteOffset, byteLength);
    },
    error: ({ value, is = 'Error' }, restore) => unpackError(is, value as PackedError, restore),
    escaped: ({ value }, restore) => {
      const members = {};
      for (const [key, member] of value as [string, unknown][]) define(members, key, restore(member));
      return members;
    },
    symbol: () => Symbol('from another thread'),
    promise: () => new Promise(() => {}),
    weak: () => new WeakSet(),
  };

/** Whoever looks for a way to write it finds what it was, and says so as if it had never travelled. */
const restored = (marked: Marked, restore: Restore): unknown =>
  marked[MARK] === 'function' ? () => undefined : STAND_INS[marked[MARK]](marked, restore);

/** Never a setter's business, whatever the key. */
const define = (target: object, key: string, value: unknown): void =>
  void Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
