import { inspect } from 'node:util';
import { maskUrl } from '../base/index.js';
import type { CliContext } from './context.js';

/** Writes data as JSON: big integers as numbers, dates as ISO text, bytes as base64. */
export function printJson({ out }: CliContext, value: unknown): void {
  out.write(`${JSON.stringify(value, jsonValue, 2)}\n`);
}

function jsonValue(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  return value instanceof Set ? [...(value as Set<unknown>)] : value;
}

/** A value as people read it. */
export const shown = (value: unknown): string =>
  typeof value === 'string'
    ? value
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
