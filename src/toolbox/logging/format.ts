import { inspect } from 'node:util';

/** pino's level numbers to names. */
const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARNING',
  50: 'ERROR',
  60: 'CRITICAL',
};
const COLOURS: Readonly<Record<string, string>> = {
  DEBUG: '\x1b[34m',
  WARNING: '\x1b[33m',
  ERROR: '\x1b[31m',
  CRITICAL: '\x1b[35m',
};
const RESET = '\x1b[0m';
const HIDDEN = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name', 'err']);

export interface FormatOptions {
  /** ANSI colours by level, as Celery's ColorFormatter. */
  readonly colour: boolean;
}

/**
 * Turns one log record into the line Celery's users know:
 * `[2026-11-23 09:41:12,345: INFO/export] task math.add succeeded  id=… runtime=0.012`. A record's error follows on its own lines.
 */
export function formatRecord(record: Readonly<Record<string, unknown>>, { colour }: FormatOptions): string {
  const level = LEVELS[Number(record.level)] ?? 'INFO';
  const time = new Date(Number(record.time))
    .toISOString()
    .replace('T', ' ')
    .replace('.', ',')
    .replace('Z', '');
  const fields = Object.entries(record)
    .filter(([key, value]) => !HIDDEN.has(key) && value !== undefined && value !== null)
    .map(
      ([key, value]) =>
        `${key}=${typeof value === 'string' ? value : inspect(value, { breakLength: Infinity })}`,
    )
    .join(' ');
  const error = record.err as { stack?: string; message?: string } | undefined;
  const head = `[${time}: ${level}/${text(record.name, 'main')}] ${text(record.msg, '')}`;
  const line = `${head}${fields === '' ? '' : `  ${fields}`}${error === undefined ? '' : `\n${error.stack ?? error.message ?? ''}`}`;
  const paint = colour ? COLOURS[level] : undefined;
  return `${paint === undefined ? line : `${paint}${line}${RESET}`}\n`;
}

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
