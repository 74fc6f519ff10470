import type { DecodeBudget } from '../codec.js';
import { overBudget } from '../failures.js';

/** Digits that every number can hold exactly. */
const SAFE_DIGITS = 15;

/**
 * Looks over JSON text once, cheaply. Throws BUDGET_EXCEEDED when it is nested too deep: `JSON.parse` is not to be
 * trusted with that. True when `JSON.parse` gives the right value; false when the text may hold what it reads wrongly
 * (long integers, Python's `NaN` and `Infinity`, envelopes) or more values than allowed.
 */
export function isPlainJson(text: string, budget: DecodeBudget): boolean {
  if (text.includes('"__type__"')) return false;
  const { maxDepth, maxNodes } = budget;
  // Where nothing is escaped the engine finds the end of a string many times faster.
  const escapes = text.includes('\\');
  let plain = true;
  let depth = 0;
  let nodes = 1;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      digits = 0;
      if (!escapes) {
        const end = text.indexOf('"', at + 1);
        if (end < 0) break;
        at = end;
        continue;
      }
      at += 1;
      for (let unit = text.charCodeAt(at); at < text.length && unit !== 0x22; unit = text.charCodeAt(at)) {
        if (unit === 0x5c) {
          // An escaped ASCII character could spell `__type__`.
          if (text.startsWith('u00', at + 1) && text.charCodeAt(at + 4) >= 0x32) plain = false;
          at += 1;
        }
        at += 1;
      }
    } else if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits > SAFE_DIGITS) plain = false;
    } else {
      // Digits after a point are those of a float, however many.
      digits = code === 0x2e ? Number.NEGATIVE_INFINITY : 0;
      if (code === 0x2c) nodes += 1;
      else if (code === 0x5b || code === 0x7b) {
        nodes += 1;
        depth += 1;
        if (depth > maxDepth) throw overBudget('json', 'maxDepth', budget);
      } else if (code === 0x5d || code === 0x7d) depth -= 1;
      else if (code === 0x4e || code === 0x49) plain = false;
    }
  }
  return plain && nodes <= maxNodes;
}
