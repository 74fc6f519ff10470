import { type AnyState, EXCEPTION_STATES, OpaqueObject, ToolboxError } from '../base/index.js';
import {
  type Codec,
  DEFAULT_DECODE_BUDGET,
  defaultSerializers,
  jsonCodec,
  PickledException,
  pickleCodec,
  Tuple,
} from '../serialization/index.js';
import type { StoredFailure } from './result-backend.js';

const pickle: Codec = pickleCodec();
const json: Codec = jsonCodec();
const STOP = 0x2e;

/**
 * A result as bytes: a pickle, which every reader of result tables understands (Celery 4 to 5.7, Django's models). Null
 * for null, as SQLAlchemy stores it. Throws ENCODE_FAILED.
 */
export function encodeResult(status: AnyState, result: unknown): Uint8Array | null {
  if (result === null || result === undefined) return null;
  if (!EXCEPTION_STATES.has(status)) return pickle.encode(result);
  const failure = result as StoredFailure;
  return pickle.encode({
    exc_type: failure.exc_type,
    exc_message: new Tuple(failure.exc_message),
    exc_module: failure.exc_module,
  });
}

/** Reads what any Celery stored: pickles (up to 5.6, and ours) or JSON (5.7). Throws DECODE_FAILED or BUDGET_EXCEEDED. */
export function decodeResult(
  status: AnyState,
  bytes: Uint8Array | null,
  decode: DecodeStored = decodeBytes,
): unknown {
  return resultOf(status, decode(bytes));
}

/** A stored value as metas have it: failures in one form, whatever form they were written in. Throws DECODE_FAILED. */
export const resultOf = (status: AnyState, value: unknown): unknown =>
  EXCEPTION_STATES.has(status) && value !== null && value !== undefined ? failureOf(value) : value;

/** The same for columns that hold plain values. A pickle ends with its STOP, a JSON text never ends with a full stop. */
export function decodeBytes(bytes: Uint8Array | null): unknown {
  if (bytes === null || bytes.length === 0) return null;
  return (bytes.at(-1) === STOP ? pickle : json).decode(bytes, DEFAULT_DECODE_BUDGET);
}

export type DecodeStored = (bytes: Uint8Array | null) => unknown;
export type EncodeSide = (value: unknown) => Uint8Array | null;

/**
 * The columns beside the result (`children`, `args`, `kwargs`) are written with `result_serializer`, and Celery reads
 * them with nothing else: one it could not read would hide the whole row.
 */
export const sideEncoder = (serializer: 'json' | 'pickle' = 'json'): EncodeSide =>
  serializer === 'json' ? (value) => json.encode(value) : (value) => pickle.encode(value);

/** How a store whose rows do not say what they are in is written beside its results, and read. */
export interface StoredFormat {
  readonly encodeSide: EncodeSide;
  readonly decode: DecodeStored;
}

/**
 * The format of `result_serializer`. Pickles are read whatever it is: our results are pickles, and so are those of Celery
 * before 5.7. Rejects with CONFIG_INVALID for a serializer nobody knows.
 */
export async function storedFormat(serializer: unknown = 'json'): Promise<StoredFormat> {
  const name = String(serializer);
  if (name === 'json' || name === 'pickle') return { encodeSide: sideEncoder(name), decode: decodeBytes };
  const codec = await defaultSerializers().codec(name);
  return {
    encodeSide: (value) => codec.encode(value),
    decode: (bytes) =>
      bytes === null || bytes.length === 0 || isPickle(bytes)
        ? decodeBytes(bytes)
        : codec.decode(bytes, DEFAULT_DECODE_BUDGET),
  };
}

/** Protocol 2 or later. No YAML begins so, and msgpack that does is one byte long. */
const isPickle = (bytes: Uint8Array): boolean => bytes[0] === 0x80 && bytes.at(-1) === STOP;

/** A failure in any form Python stores it: three keys, two (Celery 4.1), or a pickled exception. */
function failureOf(value: unknown): StoredFailure {
  if (value instanceof PickledException || value instanceof OpaqueObject) {
    return { exc_type: value.qualname, exc_message: value.args, exc_module: value.module };
  }
  const { exc_type, exc_message = null, exc_module } = value as Partial<Record<keyof StoredFailure, unknown>>;
  if (typeof exc_type !== 'string') {
    throw new ToolboxError('DECODE_FAILED', 'The stored failure names no exception type');
  }
  return {
    exc_type,
    exc_message: Array.isArray(exc_message) ? exc_message : exc_message === null ? [] : [exc_message],
    exc_module: typeof exc_module === 'string' ? exc_module : 'celery.backends.base',
  };
}
