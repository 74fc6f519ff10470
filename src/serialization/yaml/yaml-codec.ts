import { ToolboxError } from '../../base/index.js';
import type { Codec } from '../codec.js';
import { checkBytes, decodeFailed } from '../failures.js';
import { decodeUtf8 } from '../text.js';
import { readYaml } from './read-yaml.js';
import { writeYaml } from './write-yaml.js';

/**
 * Most bytes of YAML that are read, whatever the budget: reading costs a hundred times what JSON costs, and a worker
 * does nothing else meanwhile.
 */
const MAX_BYTES = 256 * 1024;

/**
 * `application/x-yaml` as PyYAML's `safe_dump` and `safe_load` have it: YAML 1.1, with dates, bytes, sets and integers
 * of any length. Written in flow style. Tags of Python's own (`!!python/...`) are refused, as `safe_load` refuses them.
 */
export const yamlCodec: Codec = {
  name: 'yaml',
  contentType: 'application/x-yaml',
  contentEncoding: 'utf-8',
  encode(value) {
    try {
      return Buffer.from(writeYaml(value), 'utf8');
    } catch (error) {
      if (error instanceof ToolboxError) throw error;
      // Getters and `toJSON` of the value itself.
      throw new ToolboxError('ENCODE_FAILED', 'The value cannot be written as yaml', { cause: error });
    }
  },
  decode(bytes, budget) {
    checkBytes('yaml', bytes, { ...budget, maxBytes: Math.min(budget.maxBytes, MAX_BYTES) });
    const text = decodeUtf8(bytes);
    if (text === undefined) throw decodeFailed('yaml', 'it is not UTF-8');
    return readYaml(text, budget);
  },
};
