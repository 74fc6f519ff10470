import { ToolboxError } from '../../../base/index.js';

export type Token =
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' }
  | {
      readonly kind: 'term';
      readonly field: string | null;
      readonly operator: Operator;
      readonly value: string;
    };
export type Operator = ':' | '>' | '<' | '>=' | '<=';

const MAX_LENGTH = 2048;
const MAX_TOKENS = 128;

export const searchError = (message: string): ToolboxError =>
  new ToolboxError('TASK_ARGUMENTS', `search: ${message}`, { fields: { key: 'q' } });

/** A word, `field:word` or `field>word`, each perhaps in quotes. Quotes within a word belong to it. */
const TERM = /(?:([a-z]+)(:|>=|<=|>|<))?(?:"((?:[^"\\]|\\.)*)"|([^\s()"][^\s()]*))/iy;
const WORDS: ReadonlyMap<string, 'and' | 'or' | 'not'> = new Map([
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
]);

/** Splits a search. @throws TASK_ARGUMENTS when it is too long or a quote has no end */
export function tokensOf(text: string, fields: ReadonlySet<string>): readonly Token[] {
  if (text.length > MAX_LENGTH) throw searchError(`expected at most ${MAX_LENGTH} characters`);
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    if (at >= text.length) return tokens;
    if (tokens.length >= MAX_TOKENS) throw searchError(`expected at most ${MAX_TOKENS} words and signs`);
    const sign = text[at];
    if (sign === '(' || sign === ')') {
      tokens.push({ kind: sign === '(' ? 'open' : 'close' });
      at += 1;
    } else if (sign === '-' && /[^\s)]/.test(text[at + 1] ?? '')) {
      tokens.push({ kind: 'not' });
      at += 1;
    } else {
      const { token, end } = termAt(text, at, fields);
      tokens.push(token);
      at = end;
    }
  }
}

function termAt(text: string, at: number, fields: ReadonlySet<string>): { token: Token; end: number } {
  TERM.lastIndex = at;
  const match = TERM.exec(text);
  if (match === null) throw searchError('expected a word; a quote has no end');
  const [whole, field, operator, quoted, bare] = match;
  const end = at + whole.length;
  const word = bare === undefined ? undefined : WORDS.get(bare);
  if (field === undefined && word !== undefined) return { token: { kind: word }, end };
  const name = field?.toLowerCase();
  if (name !== undefined && !fields.has(name)) {
    // `http://host` and the like are words: only what we know is a field.
    return { token: term(null, ':', whole), end };
  }
  const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '';
  return { token: term(name ?? null, (operator as Operator | undefined) ?? ':', value), end };
}

const term = (field: string | null, operator: Operator, value: string): Token => ({
  kind: 'term',
  field,
  operator,
  value,
});
