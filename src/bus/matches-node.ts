import { createContext, runInContext } from 'node:vm';
import { ToolboxError } from '../base/index.js';
import type { ControlRequest } from './control-request.js';

/** Milliseconds a regular expression of a stranger may take; a machine under load is not the pattern's fault. */
const REGEX_BUDGET_MS = 1_000;

/**
 * True when a command is meant for that node: by name, by pattern, or because it names nobody (kombu's rules).
 *
 * @throws MESSAGE_INVALID for a matcher or a pattern that cannot be read.
 */
export function isAddressedTo(
  node: string,
  { destination, pattern, matcher }: Pick<ControlRequest, 'destination' | 'pattern' | 'matcher'>,
): boolean {
  if (destination !== null && destination.length > 0) return destination.includes(node);
  if (!pattern || !matcher) return true;
  if (matcher === 'glob') return globMatches(pattern, node);
  if (matcher === 'pcre') return regexMatches(pattern, node);
  throw new ToolboxError('MESSAGE_INVALID', `matcher: expected glob or pcre, got ${matcher}`, {
    fields: { matcher },
  });
}

/**
 * Python's fnmatch: `*`, `?`, `[abc]`, `[!abc]`; the whole name must match. Stars take the shortest piece and go back to
 * the last one only, so that no pattern costs more than its length times the name's.
 */
export function globMatches(pattern: string, name: string): boolean {
  const tokens = tokensOf(pattern);
  let token = 0;
  let at = 0;
  let star = -1;
  let mark = 0;
  while (at < name.length) {
    const next = tokens[token];
    if (next === '*') {
      star = token;
      mark = at;
      token += 1;
    } else if (typeof next === 'function' && next(name.charAt(at))) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      mark += 1;
      at = mark;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

type Token = '*' | ((char: string) => boolean);

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [piece] of pattern.matchAll(/\*+|\?|\[!?\]?[^\]]*\]|[\s\S]/g)) {
    if (piece.startsWith('*')) tokens.push('*');
    else if (piece === '?') tokens.push(() => true);
    else if (piece.length > 2 && piece.startsWith('[')) tokens.push(setOf(piece.slice(1, -1)));
    else tokens.push((char) => char === piece);
  }
  return tokens;
}

function setOf(text: string): (char: string) => boolean {
  const negated = text.startsWith('!');
  const members = [...(negated ? text.slice(1) : text).matchAll(/([\s\S])-([\s\S])|([\s\S])/g)];
  return (char) =>
    members.some(([, from, to, one]) =>
      one === undefined ? char >= (from ?? '') && char <= (to ?? '') : char === one,
    ) !== negated;
}

/** Python's `re.match`: from the start of the name, not to its end. */
function regexMatches(pattern: string, name: string): boolean {
  try {
    const context = createContext({ pattern, name });
    return runInContext("new RegExp('^(?:' + pattern + ')', 'u').test(name)", context, {
      timeout: REGEX_BUDGET_MS,
    }) as boolean;
  } catch (cause) {
    throw new ToolboxError('MESSAGE_INVALID', 'pattern: expected a regular expression that ends soon', {
      cause,
      fields: { pattern: pattern.slice(0, 200) },
    });
  }
}
