import { isPythonInt } from '../python-number.js';

/** Beyond these the careful writer decides: it finds cycles and names paths. */
const MAX_DEPTH = 64;
const MAX_VALUES = 1_000_000;

/** True when `JSON.stringify` writes `value` exactly as Python reads it: the fast path of nearly every message. */
export function isPlainValue(value: unknown): boolean {
  let left = MAX_VALUES;

  const isPlain = (item: unknown, depth: number): boolean => {
    left -= 1;
    switch (typeof item) {
      case 'string':
      case 'boolean':
        return true;
      case 'number':
        return isPythonInt(item) || (Number.isFinite(item) && !Number.isInteger(item));
      case 'object':
        return item === null || (depth < MAX_DEPTH && left > 0 && hasPlainMembers(item, depth + 1));
      default:
        return false;
    }
  };

  const hasPlainMembers = (container: object, depth: number): boolean => {
    if (Array.isArray(container)) {
      for (const item of container) if (!isPlain(item, depth)) return false;
      return true;
    }
    const prototype: unknown = Object.getPrototypeOf(container);
    if (prototype !== Object.prototype && prototype !== null) return false;
    // A `toJSON` method is a function, and so not plain. Undefined members are left out, as everywhere.
    for (const member of Object.values(container)) {
      if (member !== undefined && !isPlain(member, depth)) return false;
    }
    return true;
  };

  return isPlain(value, 0);
}
