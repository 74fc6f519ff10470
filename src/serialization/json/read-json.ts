import type { DecodeBudget } from '../codec.js';
import { JsonParser } from './parser.js';
import { isPlainJson } from './scan.js';

/** Reads JSON text with kombu's extensions. Throws DECODE_FAILED or BUDGET_EXCEEDED. */
export function readJson(text: string, budget: DecodeBudget): unknown {
  if (isPlainJson(text, budget)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // The engine's message quotes the data, which may hold secrets: the parser below names the place instead.
    }
  }
  return new JsonParser(text, budget).parse();
}
