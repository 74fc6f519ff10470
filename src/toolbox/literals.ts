/**
 * Reads a value written as JSON or as a Python literal (what `ast.literal_eval` takes, without complex numbers):
 * strings, numbers, True/False/None, lists, tuples, dicts, sets. Tuples and sets become arrays; keys become strings.
 * Throws SyntaxError saying where it stopped. Nothing is executed.
 */
export function parseLiteral(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return new LiteralParser(text).parse();
  }
}

const WORDS: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  null: null,
};
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};
const MAX_DEPTH = 50;

class LiteralParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): unknown {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(): unknown {
    this.#space();
    const char = this.#text[this.#at];
    if (char === '[') return this.#sequence(']').items;
    if (char === '(') return this.#parenthesised();
    if (char === '{') return this.#braces();
    if (char === '"' || char === "'") return this.#string(char);
    const number = this.#match(
      /[+-]?(?:0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y,
    );
    if (number !== undefined) return toNumber(number);
    const start = this.#at;
    const word = this.#match(/[A-Za-z_]+/y);
    if (word !== undefined && Object.hasOwn(WORDS, word)) return WORDS[word];
    this.#at = start;
    throw this.#unexpected();
  }

  #sequence(close: string): { items: unknown[]; trailingComma: boolean } {
    if (++this.#depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH}`);
    this.#at += 1;
    const items: unknown[] = [];
    let trailingComma = false;
    for (;;) {
      this.#space();
      if (this.#take(close)) break;
      if (items.length > 0 && !trailingComma) throw this.#unexpected();
      items.push(this.#value());
      this.#space();
      trailingComma = this.#take(',');
    }
    this.#depth -= 1;
    return { items, trailingComma };
  }

  /** `(1, 2)` and `(1,)` are tuples; `(1)` is 1. */
  #parenthesised(): unknown {
    const { items, trailingComma } = this.#sequence(')');
    return items.length === 1 && !trailingComma ? items[0] : items;
  }

  #braces(): unknown {
    if (++this.#depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH}`);
    this.#at += 1;
    const entries: [string, unknown][] = [];
    const members: unknown[] = [];
    for (;;) {
      this.#space();
      if (this.#take('}')) break;
      const key = this.#value();
      this.#space();
      if (this.#take(':')) entries.push([String(key), this.#value()]);
      else members.push(key);
      this.#space();
      if (!this.#take(',') && this.#text[this.#at] !== '}') throw this.#unexpected();
    }
    this.#depth -= 1;
    if (members.length > 0 && entries.length > 0)
      throw new SyntaxError('a set and a dict in one pair of braces');
    return members.length > 0 ? members : Object.fromEntries(entries);
  }

  #string(quote: string): string {
    this.#at += 1;
    let out = '';
    for (;;) {
      const char = this.#text[this.#at++];
      if (char === undefined) throw new SyntaxError('a string is not closed');
      if (char === quote) return out;
      out += char === '\\' ? this.#escape() : char;
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++] ?? '';
    const width = { x: 2, u: 4, U: 8 }[char];
    if (width === undefined) return ESCAPES[char] ?? `\\${char}`;
    const digits = this.#text.slice(this.#at, this.#at + width);
    if (!/^[\da-fA-F]+$/.test(digits) || digits.length < width) throw this.#unexpected();
    this.#at += width;
    return String.fromCodePoint(Number.parseInt(digits, 16));
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    this.#match(/\s+/y);
  }

  #unexpected(): SyntaxError {
    const char = this.#text[this.#at];
    return new SyntaxError(
      char === undefined ? 'unexpected end' : `unexpected ${JSON.stringify(char)} at position ${this.#at}`,
    );
  }
}

function toNumber(text: string): number | bigint {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1 : 1;
  const value = sign * Number(plain.replace(/^[+-]/, ''));
  if (/^[+-]?\d+$/.test(plain) && !Number.isSafeInteger(value)) return BigInt(plain.replace(/^\+/, ''));
  return value;
}
