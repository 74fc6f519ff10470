import { ToolboxError } from '../../base/index.js';
import type { Codec } from '../codec.js';
import { checkBytes, decodeFailed } from '../failures.js';
import { decodeUtf8 } from '../text.js';
import { readJson } from './read-json.js';
import { type JsonOptions, writeJson } from './write-json.js';

/**
 * `application/json` as kombu reads and writes it (protocol section 2.1).
 *
 * Numbers: integers beyond 2^53 are read as bigint, digit for digit, and bigint is written as an integer. A JavaScript
 * number is written as an integer when it is whole and within 2^53, else as a float: JavaScript cannot tell 1.0 from
 * 1, so a Python float without fraction comes back to Python as an int. `NaN`, `Infinity` and `-Infinity` are read and
 * written as Python's bare words. Keys that look like whole numbers move to the front, as in every JavaScript object.
 */
export function jsonCodec(options: JsonOptions = {}): Codec {
  return {
    name: 'json',
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    encode(value) {
      try {
        return Buffer.from(writeJson(value, options), 'utf8');
      } catch (error) {
        if (error instanceof ToolboxError) throw error;
        // Getters and `toJSON` of the value itself, or a text longer than the engine's limit.
        throw new ToolboxError('ENCODE_FAILED', 'The value cannot be written as json', { cause: error });
      }
    },
    decode(bytes, budget) {
      checkBytes('json', bytes, budget);
      const text = decodeUtf8(bytes);
      if (text === undefined) throw decodeFailed('json', 'it is not UTF-8');
      return readJson(text, budget);
    },
  };
}
