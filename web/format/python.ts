/** A value as Python writes it, to be pasted into its shell. What JSON cannot hold (`$type`) is written as its constructor. */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `float('${value}')`;
  if (typeof value === 'string') return pythonString(value);
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  const entries = Object.entries(value);
  const typed = typedValue(value as Readonly<Record<string, unknown>>);
  if (typed !== undefined) return typedLiteral(typed);
  return `{${entries.map(([key, item]) => `${pythonString(key)}: ${pythonLiteral(item)}`).join(', ')}}`;
}

/** What the server writes for a value that JSON has no word for. */
export interface TypedValue {
  readonly type: string;
  readonly value: unknown;
}
export function typedValue(value: Readonly<Record<string, unknown>>): TypedValue | undefined {
  const type = value['$type'];
  return typeof type === 'string' && 'value' in value ? { type, value: value['value'] } : undefined;
}

function typedLiteral({ type, value }: TypedValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (type) {
    case 'int':
    case 'bigint':
      return text;
    case 'bytes':
      return `bytes.fromhex(${pythonString(text)})`;
    case 'tuple':
      return Array.isArray(value) ? `(${value.map((item) => `${pythonLiteral(item)},`).join(' ')})` : text;
    case 'set':
    case 'frozenset':
      return `${type}(${pythonLiteral(value)})`;
    default:
      return `${type.replace(/[^\w.]/g, '_')}(${pythonLiteral(value)})`;
  }
}

function pythonString(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\/', '/');
  return `'${escaped.replaceAll("'", "\\'")}'`;
}

/** A word of a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
