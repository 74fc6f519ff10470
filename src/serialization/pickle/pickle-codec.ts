import { ToolboxError } from '../../base/index.js';
import type { Codec } from '../codec.js';
import { readPickle } from './read-pickle.js';
import { type PickleOptions, writePickle } from './write-pickle.js';

/**
 * `application/x-python-serialize`. Reading is safe (see `readPickle`), yet nobody accepts it unless asked: Python
 * peers that accept pickle run what they are sent.
 */
export function pickleCodec(options: PickleOptions = {}): Codec {
  return {
    name: 'pickle',
    contentType: 'application/x-python-serialize',
    contentEncoding: 'binary',
    encode(value) {
      try {
        return writePickle(value, options);
      } catch (error) {
        if (error instanceof ToolboxError) throw error;
        // Getters and `toJSON` of the value itself.
        throw new ToolboxError('ENCODE_FAILED', 'The value cannot be written as pickle', { cause: error });
      }
    },
    decode: readPickle,
  };
}
