import { invalid } from '../errors.js';
import type { Input } from '../input.js';

const MAX_RESULTS = 1000;

/**
 * One page of a list that is sorted by name. The token holds the last name of the page before, so that queues made
 * or deleted between two calls neither repeat nor hide others.
 */
export function page<T extends { readonly name: string }>(
  all: readonly T[],
  input: Input,
): { items: readonly T[]; nextToken: string | undefined } {
  const token = input.optionalText('NextToken');
  const size = input.integer('MaxResults', { min: 1, max: MAX_RESULTS }) ?? MAX_RESULTS;
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
  if (token !== undefined && Buffer.from(after).toString('base64url') !== token) {
    throw invalid(token, 'NextToken', 'Invalid or expired next token.');
  }
  const rest = all.filter(({ name }) => name > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  const nextToken =
    last !== undefined && rest.length > size ? Buffer.from(last.name).toString('base64url') : undefined;
  return { items, nextToken };
}
