import { crc32 } from 'node:zlib';
import type { LogRecord } from './log-record.js';

const CHECK_LENGTH = 8;

const checkOf = (json: string): string => crc32(json).toString(16).padStart(CHECK_LENGTH, '0');

/** One record as a line: a checksum, the record as JSON, a line end. */
export function formatLine(record: LogRecord): string {
  const json = JSON.stringify(record);
  return `${checkOf(json)} ${json}\n`;
}

/** The record of a line without its end; undefined when the line is damaged. */
export function parseLine(line: string): LogRecord | undefined {
  const json = line.slice(CHECK_LENGTH + 1);
  if (line.slice(0, CHECK_LENGTH) !== checkOf(json)) return undefined;
  // The checksum says that we wrote it; a record of ours has this type.
  return JSON.parse(json) as LogRecord;
}
