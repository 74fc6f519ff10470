import { ToolboxError } from '../base/index.js';
import type { DecodeBudget } from './codec.js';

/** DECODE_FAILED. `why` never quotes the data, which may hold secrets; it gives offsets and names of types. */
export function decodeFailed(format: string, why: string, cause?: unknown): ToolboxError {
  return new ToolboxError('DECODE_FAILED', `The ${format} data cannot be read: ${why}`, {
    cause,
    fields: { format },
  });
}

const LIMITS: Record<keyof DecodeBudget, string> = {
  maxBytes: 'bytes',
  maxDepth: 'levels of nesting',
  maxNodes: 'values',
};

/** BUDGET_EXCEEDED, naming the limit. */
export function overBudget(format: string, limit: keyof DecodeBudget, budget: DecodeBudget): ToolboxError {
  const message = `The ${format} data has more than ${budget[limit]} ${LIMITS[limit]}; raise the decode budget's ${limit} if such data is expected`;
  return new ToolboxError('BUDGET_EXCEEDED', message, { fields: { format, limit, allowed: budget[limit] } });
}

/** Throws BUDGET_EXCEEDED when the input itself is too long. */
export function checkBytes(format: string, bytes: Uint8Array, budget: DecodeBudget): void {
  if (bytes.length > budget.maxBytes) throw overBudget(format, 'maxBytes', budget);
}
