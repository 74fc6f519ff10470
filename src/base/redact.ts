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

/** True for names whose values are never shown. */
export const isSecretKey = (key: string): boolean => SECRET_NAME.test(snakeCase(key));

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
  return show(value, key, new Set());
}

function show(value: unknown, key: string, above: Set<object>): unknown {
  if (value === null || value === undefined || value === '' || typeof value === 'function') return value;
  if (isSecretKey(key)) return MASK;
  if (typeof value === 'string') return maskUrl(value);
  if (typeof value !== 'object' || value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (above.has(value)) return '[circular]';
  if (value instanceof URL) return maskUrl(value.href);
  above.add(value);
  const shown = showObject(value, above);
  above.delete(value);
  return shown;
}

function showObject(value: object, above: Set<object>): unknown {
  if (Array.isArray(value)) return value.map((item) => show(item, '', above));
  if (value instanceof Set) return new Set([...value].map((item) => show(item, '', above)));
  if (value instanceof Map) {
    return new Map([...value].map(([name, item]) => [name, show(item, String(name), above)]));
  }
  const names = Object.keys(value);
  // What an Error says is not enumerable, and often holds the URL that could not be reached.
  if (value instanceof Error) names.push('name', 'message', 'stack', ...('cause' in value ? ['cause'] : []));
  const entries = names.map((name) => [name, (value as Record<string, unknown>)[name]] as const);
  const shown = entries.map(([name, item]) => [name, show(item, name, above)] as const);
  const plain = [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
  // Instances keep their class as long as they hold nothing to hide.
  if (!plain && shown.every(([, item], index) => item === entries[index]?.[1])) return value;
  return Object.fromEntries(shown);
}
