/** What a function takes by position, as far as calls from elsewhere need to know. */
export interface Parameters {
  /** In order; null for a parameter without a name (a destructured one). */
  readonly names: readonly (string | null)[];
  /** How many must be given: those before the first that has a default. */
  readonly required: number;
  /** Takes any number of further positional arguments. */
  readonly rest: boolean;
}

/**
 * Reads a function's parameters from its source. Undefined when the source does not tell (native and bound functions):
 * then `argNames` is the only way.
 */
export function parametersOf(fn: (...args: never[]) => unknown): Parameters | undefined {
  const source = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return undefined;
  return parametersFrom(listOf(withoutComments(source)));
}

/** Parameters from names as a user lists them: `['x', 'y?', '...more']`. */
export const namedParameters = (names: readonly string[]): Parameters =>
  parametersFrom(names.map((name) => (name.endsWith('?') ? `${name.slice(0, -1)}=` : name)));

function parametersFrom(list: readonly string[]): Parameters {
  const rest = list.at(-1)?.startsWith('...') === true;
  const plain = rest ? list.slice(0, -1) : list;
  const firstDefault = plain.findIndex((parameter) => cutAt(parameter, '=').length > 1);
  return {
    names: plain.map((parameter) => {
      const [name = ''] = cutAt(parameter, '=');
      return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name.trim()) ? name.trim() : null;
    }),
    required: firstDefault === -1 ? plain.length : firstDefault,
    rest,
  };
}

/** The texts between the commas of a function's parameter list. */
function listOf(source: string): readonly string[] {
  const bare = /^\s*(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source);
  if (bare?.[1] !== undefined) return [bare[1]];
  const inside = source.slice(source.indexOf('(') + 1);
  const [list = ''] = cutAt(inside, ')');
  return cutAt(list, ',')
    .map((parameter) => parameter.trim())
    .filter((parameter) => parameter !== '');
}

const withoutComments = (source: string): string =>
  source.replace(
    /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    '$1',
  );

/** Cuts a text at a character, where it stands outside brackets and strings; `)` cuts once, the others each time. */
function cutAt(text: string, cut: ',' | ')' | '='): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (depth === 0 && char === cut) {
      parts.push(text.slice(start, i));
      start = i + 1;
      if (cut === ')') return parts;
    } else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if ('"\'`'.includes(char)) i = endOfString(text, i);
  }
  parts.push(text.slice(start));
  return parts;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === text[start]) return i;
  }
  return text.length;
}
