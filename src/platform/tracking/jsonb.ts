import { jsonCodec } from '../../serialization/index.js';

const json = jsonCodec({ envelopes: true });
/** What PostgreSQL's jsonb cannot hold stands in for itself: the picture of NUL, and the replacement character. */
const NUL_PICTURE = '\u2400';

/**
 * JSON text that jsonb accepts for any value a message can bring: NUL and lone surrogates in strings are replaced, NaN and
 * infinities are tagged as `{"__type__": "float", "__value__": "nan"}`, Python's types have kombu's tagged form.
 */
export const toJsonb = (value: unknown): string => Buffer.from(json.encode(storable(value))).toString('utf8');

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : { __type__: 'float', __value__: floatName(value) };
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(storable);
  if (value instanceof Set) return [...value].map(storable);
  const entries = value instanceof Map ? [...value] : plainEntries(value);
  return entries === undefined
    ? value
    : new Map(entries.map(([key, item]) => [storableText(String(key)), storable(item)]));
}

function plainEntries(value: object): [unknown, unknown][] | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined;
}

/** Text for jsonb and text columns. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', NUL_PICTURE);

const floatName = (value: number): string => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf');
