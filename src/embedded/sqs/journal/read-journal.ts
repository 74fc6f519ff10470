import { closeSync, openSync, readSync } from 'node:fs';
import { ToolboxError } from '../../../base/index.js';
import { parseLine } from './line-format.js';
import type { LogRecord } from './log-record.js';

const CHUNK = 1 << 20;
const NEWLINE = 0x0a;

/**
 * Reads a journal and hands over each record with the length of its line.
 *
 * What a crash left half-written at the end is not counted: its call was never answered. Damage before the end is
 * something else, and reading on would silently lose acknowledged messages.
 * @returns the length of the part that is whole
 * @throws ToolboxError EMBEDDED_FAILED for damage that whole records follow
 */
export function readJournal(path: string, apply: (record: LogRecord, bytes: number) => void): number {
  let whole = 0;
  let position = 0;
  let damagedAt: number | undefined;
  for (const line of lines(path)) {
    const record = parseLine(line.toString('utf8'));
    const length = line.length + 1;
    if (record === undefined) {
      damagedAt ??= position;
    } else if (damagedAt !== undefined) {
      throw new ToolboxError(
        'EMBEDDED_FAILED',
        `The journal ${path} is damaged at byte ${damagedAt}, and whole records follow. Move the folder away and keep it, or restore it from a copy.`,
        { fields: { path, offset: damagedAt } },
      );
    } else {
      apply(record, length);
      whole = position + length;
    }
    position += length;
  }
  return whole;
}

/** The lines that have an end, without it. */
function* lines(path: string): Iterable<Buffer> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let rest: Buffer[] = [];
    for (;;) {
      const length = readSync(file, chunk, 0, CHUNK, null);
      if (length === 0) return;
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1 && end < length; end = chunk.indexOf(NEWLINE, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end)]);
        rest = [];
        from = end + 1;
      }
      rest.push(Buffer.from(chunk.subarray(from, length)));
    }
  } finally {
    closeSync(file);
  }
}
