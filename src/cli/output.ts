import { inspect } from 'node:util';
import { Decimal, maskUrl, PlainDate, PlainDateTime, PlainTime, Uuid } from '../base/index.js';
import type { CliContext } from './context.js';

/** Python's types that are one text. */
const TEXTS = [Decimal, PlainDate, PlainDateTime, PlainTime, Uuid];
const isText = (value: unknown): boolean => TEXTS.some((type) => value instanceof type);

/** Writes data as JSON: big integers as numbers where they fit, decimals and dates as text, bytes as base64. */
export function printJson({ out }: CliContext, value: unknown): void {
  out.write(`${JSON.stringify(value, jsonValue, 2)}\n`);
}

function jsonValue(this: Record<string, unknown>, key: string, value: unknown): unknown {
  // A Buffer makes something of itself before it gets here.
  const bytes = this[key];
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString('base64');
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (isText(value)) return String(value);
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  return value instanceof Set ? [...(value as Set<unknown>)] : value;
}

/** A value as people read it. */
export const shown = (value: unknown): string =>
  typeof value === 'string' || isText(value)
    ? String(value)
    : inspect(value, { depth: 6, breakLength: 120, maxArrayLength: 50, maxStringLength: 2000 });

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Text from elsewhere in one line: passwords masked, and without what a terminal would obey. */
export const printable = (text: string): string => maskUrl(text).replace(CONTROL, '\ufffd');

/** Rows in aligned columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(printable));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
