import type { DecodeBudget } from '../codec.js';
import { decodeFailed, overBudget } from '../failures.js';
import { MAX_INT_DIGITS, toInteger } from '../python-number.js';
import { setMember } from '../set-member.js';
import { openEnvelope } from './envelope.js';

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/** Words of JSON, and those Python adds. */
const WORDS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];

type Open = { readonly array: unknown[] } | { readonly object: Record<string, unknown>; key: string };

/**
 * Reads JSON as Python's `json` does: integers of any length, `NaN` and `Infinity`, kombu's envelopes. Keeps its own
 * stack, so that depth costs memory within the budget and never the call stack.
 */
export class JsonParser {
  readonly #text: string;
  readonly #budget: DecodeBudget;
  readonly #open: Open[] = [];
  #at = 0;
  #values = 0;

  constructor(text: string, budget: DecodeBudget) {
    this.#text = text;
    this.#budget = budget;
  }

  parse(): unknown {
    for (;;) {
      let value = this.#begin();
      while (value !== PENDING) {
        const top = this.#open.at(-1);
        if (!top) return this.#end(value);
        value = this.#attach(top, value);
      }
    }
  }

  /** Reads a scalar or an empty container, or opens a container. */
  #begin(): unknown {
    this.#values += 1;
    if (this.#values > this.#budget.maxNodes) throw overBudget('json', 'maxNodes', this.#budget);
    const code = this.#peek();
    if (code === 0x22) return this.#string();
    if (code === 0x5b) return this.#openContainer({ array: [] }, 0x5d);
    if (code === 0x7b) return this.#openContainer({ object: {}, key: '' }, 0x7d);
    return this.#scalar();
  }

  #openContainer(container: Open, close: number): unknown {
    this.#open.push(container);
    if (this.#open.length > this.#budget.maxDepth) throw overBudget('json', 'maxDepth', this.#budget);
    this.#at += 1;
    if (this.#peek() === close) return this.#close();
    if ('object' in container) this.#key(container);
    return PENDING;
  }

  /** Puts a finished value into the innermost container. Gives that container when it ends here. */
  #attach(top: Open, value: unknown): unknown {
    const isArray = 'array' in top;
    if (isArray) top.array.push(value);
    else setMember(top.object, top.key, value);
    const code = this.#peek();
    if (code === 0x2c) {
      this.#at += 1;
      if (!isArray) this.#key(top);
      return PENDING;
    }
    if (code !== (isArray ? 0x5d : 0x7d)) throw this.#unexpected();
    return this.#close();
  }

  #close(): unknown {
    this.#at += 1;
    const container = this.#open.pop();
    if (!container) throw this.#unexpected();
    return 'array' in container ? container.array : openEnvelope(container.object);
  }

  #key(container: { key: string }): void {
    if (this.#peek() !== 0x22) throw this.#unexpected();
    container.key = this.#string();
    if (this.#peek() !== 0x3a) throw this.#unexpected();
    this.#at += 1;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        return escaped ? this.#unescape(start) : text.slice(start + 1, at);
      }
      if (code < 0x20) {
        this.#at = at;
        throw this.#unexpected();
      }
      if (code === 0x5c) {
        escaped = true;
        at += 1;
      }
    }
    this.#at = text.length;
    throw this.#unexpected();
  }

  #unescape(start: number): string {
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      this.#at = start;
      throw this.#unexpected();
    }
  }

  #scalar(): unknown {
    NUMBER.lastIndex = this.#at;
    const [token, fraction, exponent] = NUMBER.exec(this.#text) ?? [];
    if (token !== undefined) {
      this.#at += token.length;
      if (fraction !== undefined || exponent !== undefined || token.length < 16) return Number(token);
      if (token.length > MAX_INT_DIGITS) throw decodeFailed('json', `an integer of ${token.length} digits`);
      return toInteger(BigInt(token));
    }
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    throw this.#unexpected();
  }

  #end(value: unknown): unknown {
    this.#peek();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  /** The next character that is no white space, without taking it; NaN at the end. */
  #peek(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at += 1;
    }
  }

  #unexpected(): Error {
    const what = this.#at < this.#text.length ? 'unexpected character' : 'it ends too early';
    return decodeFailed('json', `${what} at position ${this.#at}`);
  }
}

/** Stands for "a container is open, its next value follows". */
const PENDING = Symbol('pending');
