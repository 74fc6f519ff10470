import { Decoder, Encoder } from '@msgpack/msgpack';
import { ToolboxError } from '../../base/index.js';
import type { Codec } from '../codec.js';
import { checkBytes, decodeFailed } from '../failures.js';
import { toInteger } from '../python-number.js';
import { MAX_DEPTH } from '../trail.js';
import { measureMsgpack } from './measure-msgpack.js';
import { toMsgpackValue } from './to-msgpack-value.js';

/** The package counts the innermost values as a level of their own. */
const LEVELS = MAX_DEPTH + 1;

/**
 * `application/x-msgpack` as kombu reads and writes it (`use_bin_type=True`, `raw=False`): text and bytes stay apart,
 * integers are exact up to 64 bits, and what Python's packer refuses (dates, decimals, sets, larger integers, keys that
 * are no text) is refused here as well. A key `__proto__` makes a message unreadable.
 */
export const msgpackCodec: Codec = {
  name: 'msgpack',
  contentType: 'application/x-msgpack',
  contentEncoding: 'binary',
  encode(value) {
    try {
      return new Encoder({ useBigInt64: true, maxDepth: LEVELS }).encode(toMsgpackValue(value));
    } catch (error) {
      if (error instanceof ToolboxError) throw error;
      // Getters and `toJSON` of the value itself.
      throw new ToolboxError('ENCODE_FAILED', 'The value cannot be written as msgpack', { cause: error });
    }
  },
  decode(bytes, budget) {
    checkBytes('msgpack', bytes, budget);
    // The package makes an array as long as the data says before it has seen one member of it.
    measureMsgpack(bytes, budget);
    try {
      return settle(new Decoder({ useBigInt64: true, mapKeyConverter: textKey }).decode(bytes));
    } catch (error) {
      // The package's messages may quote a key.
      throw decodeFailed('msgpack', 'it does not fit the format', error);
    }
  },
};

function textKey(key: unknown): string {
  if (typeof key === 'string') return key;
  throw new TypeError('a key that is no text');
}

/** Numbers in the place of bigints that fit; in place, as the value is nobody else's yet. */
function settle(value: unknown): unknown {
  if (typeof value === 'bigint') return toInteger(value);
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) value[at] = settle(value[at]);
  } else if (value instanceof Uint8Array) {
    return new Uint8Array(value);
  } else if (value !== null && typeof value === 'object' && !(value instanceof Date)) {
    const members = value as Record<string, unknown>;
    for (const key of Object.keys(members)) members[key] = settle(members[key]);
  }
  return value;
}
