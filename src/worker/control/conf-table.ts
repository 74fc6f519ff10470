import { inspect, isDeepStrictEqual } from 'node:util';
import { catalogue, type Settings } from '../../app/index.js';
import { redact } from '../../base/index.js';

/** Settings as data: those that differ from their defaults, or all; secrets masked, code by its name. */
export function confTable(conf: Settings, withDefaults: boolean): Readonly<Record<string, unknown>> {
  const shown = Object.entries(conf).filter(
    ([name, value]) =>
      name === name.toLowerCase() &&
      (withDefaults ||
        !isDeepStrictEqual(value, (catalogue as Record<string, { default: unknown }>)[name]?.default)),
  );
  return plain(redact(Object.fromEntries(shown))) as Readonly<Record<string, unknown>>;
}

function plain(value: unknown): unknown {
  // JSON has no word for it.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Set) return [...value].map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? inspect(value) : value;
  }
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null))
    return inspect(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
