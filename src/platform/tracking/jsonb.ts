import { jsonCodec, pythonRepr } from '../../serialization/index.js';

const json = jsonCodec({ envelopes: true });
/** What PostgreSQL's jsonb cannot hold stands in for itself: the picture of NUL, and the replacement character. */
const NUL_PICTURE = '\u2400';

/**
 * JSON text that jsonb accepts for any value a message can bring: NUL and lone surrogates in strings are replaced, NaN and
 * infinities are tagged as `{"__type__": "float", "__value__": "nan"}`, Python's types have kombu's tagged form. What has no
 * form in JSON (a timedelta or an object in a pickle, a structure that contains itself) is shown as Python prints it, tagged
 * as `repr`.
 */
export function toJsonb(value: unknown): string {
  if (isPlain(value, 0)) {
    // Nearly every message: the engine's own writer serves. It writes NUL and lone surrogates as escapes.
    const text = JSON.stringify(value);
    if (!UNSTORABLE.test(text)) return text;
  }
  return Buffer.from(json.encode(storable(value, new Set()))).toString('utf8');
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;
/** Deeper values go the careful way, which also ends where a structure contains itself. */
const PLAIN_DEPTH = 64;

/** Nothing but texts, finite numbers, truth values, null, lists and plain objects. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || (depth < PLAIN_DEPTH && isPlainContainer(value, depth + 1));
    default:
      return false;
  }
}

function isPlainContainer(value: object, depth: number): boolean {
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth));
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in value) return false;
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key], depth)) return false;
  return true;
}

function storable(value: unknown, around: ReadonlySet<unknown>): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : { __type__: 'float', __value__: floatName(value) };
  if (value === null || typeof value !== 'object') return value;
  if (around.has(value)) return printed('...');
  const within = new Set(around).add(value);
  if (Array.isArray(value)) return value.map((item) => storable(item, within));
  if (value instanceof Uint8Array && value.includes(0)) return base64(value);
  if (value instanceof Set) return [...value].map((item) => storable(item, within));
  const entries = value instanceof Map ? [...value] : plainEntries(value);
  if (entries === undefined) return isWritable(value) ? value : printed(pythonRepr(value));
  return new Map(entries.map(([key, item]) => [storableText(keyText(key)), storable(item, within)]));
}

/** kombu's other form of bytes: as text they would bring a NUL. */
const base64 = (bytes: Uint8Array): object => ({
  __type__: 'base64',
  __value__: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
});

const printed = (text: string): object => ({ __type__: 'repr', __value__: storableText(text) });

const keyText = (key: unknown): string =>
  typeof key === 'object' && key !== null ? pythonRepr(key) : String(key);

function isWritable(value: object): boolean {
  try {
    json.encode(value);
    return true;
  } catch {
    return false;
  }
}

function plainEntries(value: object): [unknown, unknown][] | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined;
}

/** Text for jsonb and text columns. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', NUL_PICTURE);

const floatName = (value: number): string => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf');
