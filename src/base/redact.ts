/** Shown in the place of what is not to be seen. */
export const MASK = '********';

/** Matched against a name in snake_case, so that `passive`, `passed` and Celery's `signature` stay readable. */
const SECRET_NAME = new RegExp(
  [
    'pass(word|wd|phrase|code)',
    'pass(_|$)',
    '(^|_)pwd(_|$)',
    'secret',
    'token',
    'credential',
    'authorization',
    'cookie',
    '(^|_)dsn(_|$)',
    '(api|access|account|private|signing|encryption|shared)_?key',
    'amz_signature',
    '(^|_)sig(_|$)',
  ].join('|'),
);

const snakeCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^a-z0-9]+/gi, '_')
    .toLowerCase();

/** Names that were looked at: the same few come with every message. */
const known = new Map<string, boolean>();
const MAX_KNOWN = 2_000;
const LONGEST_KNOWN = 64;

/** True for names whose values are never shown. */
export function isSecretKey(key: string): boolean {
  const before = known.get(key);
  if (before !== undefined) return before;
  const secret = SECRET_NAME.test(snakeCase(key));
  if (known.size < MAX_KNOWN && key.length <= LONGEST_KNOWN) known.set(key, secret);
  return secret;
}

/** Where a URL begins: at the start, or after a character that ends the one before. */
const URL_START = /(?<=^|[\s"'`<>()[\]{},;=|])(?=[a-z][a-z0-9+.-]*:\/\/)/gi;

/**
 * `scheme://user:` and the password, up to the last `@` of the piece: drivers accept `/`, `?`, `#`, `:` and `@` in a
 * password as they are. Rather hides a host or a path too many than shows half a password.
 */
const PASSWORD = /^([a-z][a-z0-9+.-]*:\/\/[^\s:/]*):([^\s]*)@/i;
/** A port and the beginning of a path: in a web address an `@` after it is no password's. */
const PORT_AND_PATH = /^https?:\/\/[^\s:/]*:\d{1,5}\//i;
/** One URL and nothing else may have blanks in its password. */
const LONE_URL_WITH_BLANKS = /^([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):(?!\d{1,5}(?:[\s/,;]|$))(.*)@/is;

function maskPiece(piece: string): string {
  return PORT_AND_PATH.test(piece) ? piece : piece.replace(PASSWORD, `$1:${MASK}@`);
}

/** `name=value` as in query strings and libpq's connection strings. The look-behind keeps it linear on long words. */
const ASSIGNMENT = /(?<![\w.%-])([\w.%-]+)(\s?=\s?)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^&\s,;"']+)/g;

/**
 * Any text with the passwords of its URLs masked, and the values of secret names in query strings and other
 * `name=value` pairs.
 */
export function maskUrl(text: string): string {
  if (!text.includes('=') && !text.includes('://')) return text;
  const pieces = text.split(URL_START);
  const urls =
    pieces.length === 1
      ? maskPiece(text.replace(LONE_URL_WITH_BLANKS, `$1:${MASK}@`))
      : pieces.map(maskPiece).join('');
  return urls.replace(ASSIGNMENT, (pair, name: string, equals: string) =>
    isSecretKey(name) ? `${name}${equals}${MASK}` : pair,
  );
}

/**
 * `value` made fit for showing: values of secret names are masked at any depth, and passwords inside texts. What needs
 * no masking is returned as it is; a circle is cut.
 */
export function redact(value: unknown, key = ''): unknown {
  return show(value, key, undefined);
}

/** The objects that stand around one, the nearest first. */
interface Above {
  readonly value: object;
  readonly above: Above | undefined;
}

function isWithin(value: object, above: Above | undefined): boolean {
  for (let one = above; one !== undefined; one = one.above) if (one.value === value) return true;
  return false;
}

function show(value: unknown, key: string, above: Above | undefined): unknown {
  if (value === null || value === undefined || value === '' || typeof value === 'function') return value;
  if (key !== '' && isSecretKey(key)) return MASK;
  if (typeof value === 'string') return maskUrl(value);
  if (typeof value !== 'object' || value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (isWithin(value, above)) return '[circular]';
  if (value instanceof URL) return maskUrl(value.href);
  return showObject(value, { value, above });
}

function showObject(value: object, above: Above): unknown {
  if (Array.isArray(value)) return value.map((item) => show(item, '', above));
  if (value instanceof Set) return new Set([...value].map((item) => show(item, '', above)));
  if (value instanceof Map) {
    return new Map([...value].map(([name, item]) => [name, show(item, String(name), above)]));
  }
  const names = Object.keys(value);
  // What an Error says is not enumerable, and often holds the URL that could not be reached.
  if (value instanceof Error) names.push('name', 'message', 'stack', ...('cause' in value ? ['cause'] : []));
  const shown = names.map((name) => show((value as Record<string, unknown>)[name], name, above));
  // Objects that hold nothing to hide stay themselves, instances with their class.
  if (names.every((name, at) => shown[at] === (value as Record<string, unknown>)[name])) return value;
  return Object.fromEntries(names.map((name, at) => [name, shown[at]]));
}
