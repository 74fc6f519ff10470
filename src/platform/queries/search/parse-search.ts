import { type Operator, searchError, type Token, tokensOf } from './token.js';

/** What a search asks for. */
export type Search =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Search[] }
  | { readonly kind: 'not'; readonly part: Search }
  | {
      readonly kind: 'term';
      readonly field: string | null;
      readonly operator: Operator;
      readonly value: string;
    };

const MAX_DEPTH = 5;

/**
 * Reads a search: words and `field:value` terms, side by side for "and", `AND`, `OR` (which binds less), `NOT` or `-` before
 * a term, and brackets. A superset of Flower's language.
 *
 * @throws TASK_ARGUMENTS saying what was expected
 */
export function parseSearch(text: string, fields: ReadonlySet<string>): Search {
  const reader = new Reader(tokensOf(text, fields));
  const search = reader.any(0);
  if (reader.next !== undefined) throw searchError('a closing bracket has no opening one');
  return search;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  any(depth: number): Search {
    if (depth > MAX_DEPTH) throw searchError(`expected at most ${MAX_DEPTH} brackets inside one another`);
    const parts = [this.#all(depth)];
    while (this.next?.kind === 'or') {
      this.#at += 1;
      parts.push(this.#all(depth));
    }
    return joined('or', parts);
  }

  #all(depth: number): Search {
    const parts = [this.#one(depth)];
    for (;;) {
      if (this.next?.kind === 'and') this.#at += 1;
      else if (this.next === undefined || this.next.kind === 'or' || this.next.kind === 'close') break;
      parts.push(this.#one(depth));
    }
    return joined('and', parts);
  }

  #one(depth: number): Search {
    let negated = false;
    while (this.next?.kind === 'not') {
      negated = !negated;
      this.#at += 1;
    }
    const part = this.#term(depth);
    return negated ? { kind: 'not', part } : part;
  }

  #term(depth: number): Search {
    const token = this.next;
    this.#at += 1;
    if (token?.kind === 'term') return token;
    if (token?.kind !== 'open') throw searchError('expected a word after AND, OR, NOT or an opening bracket');
    const inner = this.any(depth + 1);
    if (this.next?.kind !== 'close') throw searchError('an opening bracket has no closing one');
    this.#at += 1;
    return inner;
  }
}

const joined = (kind: 'and' | 'or', parts: readonly Search[]): Search =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind, parts };
