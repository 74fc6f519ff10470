import { ToolboxError } from '../../base/index.js';
import type { DecodeBudget } from '../codec.js';
import { checkBytes, decodeFailed, overBudget } from '../failures.js';
import { Converter } from './converter.js';
import { runPickle } from './machine.js';
import { checkMeasure } from './measure.js';

/**
 * Reads a pickle of protocol 0 to 5 as data. No class is imported, nothing is called: a short list of value types is
 * built, every other object becomes an `OpaqueObject`, exceptions a `PickledException`, Celery's result objects a
 * `ResultReference`, signatures their dict. Tuples become arrays, sets and frozensets Set, dicts objects, or Map when a
 * key is no text. Throws DECODE_FAILED or BUDGET_EXCEEDED.
 */
export function readPickle(bytes: Uint8Array, budget: DecodeBudget): unknown {
  checkBytes('pickle', bytes, budget);
  try {
    const root = runPickle(bytes, budget);
    checkMeasure(root, budget);
    return new Converter().read(root);
  } catch (error) {
    if (error instanceof ToolboxError) throw error;
    // The call stack is the limit only when the budget allows more levels than it holds.
    if (error instanceof RangeError) throw overBudget('pickle', 'maxDepth', budget);
    throw decodeFailed('pickle', 'it does not fit the format', error);
  }
}
