export interface DateFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface TimeFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Distance from UTC in microseconds; null for a time without zone. */
  readonly offset: number | null;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME =
  /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:(Z)|([+-])(\d{2}):?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?$/;

const micros = (fraction: string | undefined): number => Number((fraction ?? '').padEnd(6, '0').slice(0, 6));

/** Reads `YYYY-MM-DD`; undefined for anything else, and for days that do not exist or that Python cannot hold. */
export function parseDate(text: string): DateFields | undefined {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return undefined;
  return checkedDate(Number(year), Number(month), Number(day));
}

/** The date when it exists and lies in Python's years 1 to 9999. */
export function checkedDate(year: number, month: number, day: number): DateFields | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= last ? { year, month, day } : undefined;
}

/** Reads `HH:MM[:SS[.ffffff]][Z|+HH:MM[:SS]]`; undefined for anything else. */
export function parseTime(text: string): TimeFields | undefined {
  const found = TIME.exec(text);
  if (!found) return undefined;
  const [, hour, minute, second = '0', fraction, utc, sign, oh, om, os = '0', of] = found;
  let offset: number | null = utc ? 0 : null;
  if (sign) {
    const size = (Number(oh) * 3600 + Number(om) * 60 + Number(os)) * 1e6 + micros(of);
    if (size >= 86_400e6) return undefined;
    offset = sign === '-' && size > 0 ? -size : size;
  }
  return checkedTime(Number(hour), Number(minute), Number(second), micros(fraction), offset);
}

export function checkedTime(
  hour: number,
  minute: number,
  second: number,
  microsecond: number,
  offset: number | null,
): TimeFields | undefined {
  if (hour > 23 || minute > 59 || second > 59 || microsecond > 999_999) return undefined;
  return { hour, minute, second, microsecond, offset };
}

/** Reads a date and a time with one character between them (`T` or a space). */
export function parseDateTime(text: string): (DateFields & TimeFields) | undefined {
  const date = parseDate(text.slice(0, 10));
  const time = parseTime(text.slice(11)) ?? (text.length === 10 ? parseTime('00:00') : undefined);
  return date && time ? { ...date, ...time } : undefined;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** `YYYY-MM-DD`. */
export const formatDate = ({ year, month, day }: DateFields): string =>
  `${pad(year, 4)}-${pad(month)}-${pad(day)}`;

/** As Python's `isoformat`: microseconds only when not zero, offset only when there is one. */
export function formatTime({ hour, minute, second, microsecond, offset }: TimeFields): string {
  const clock = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
  return `${clock}${microsecond ? `.${pad(microsecond, 6)}` : ''}${offset === null ? '' : formatOffset(offset)}`;
}

function formatOffset(offset: number): string {
  const total = Math.abs(offset);
  const seconds = Math.floor(total / 1e6);
  const rest = `${pad(seconds % 60)}${total % 1e6 ? `.${pad(total % 1e6, 6)}` : ''}`;
  const text = `${offset < 0 ? '-' : '+'}${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}`;
  return rest === '00' ? text : `${text}:${rest}`;
}

/** The moment as a Date: milliseconds, microseconds cut off. Fields without offset are taken as UTC. */
export function toInstant(fields: DateFields & TimeFields): Date {
  const date = new Date(0);
  date.setUTCFullYear(fields.year, fields.month - 1, fields.day);
  date.setUTCHours(fields.hour, fields.minute, fields.second, 0);
  return new Date(Math.floor(date.getTime() + (fields.microsecond - (fields.offset ?? 0)) / 1000));
}

/** The UTC fields of a Date; undefined for an invalid one and for years Python cannot hold. */
export function fromInstant(date: Date): (DateFields & TimeFields) | undefined {
  const day = checkedDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
  if (Number.isNaN(date.getTime()) || !day) return undefined;
  return {
    ...day,
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000,
    offset: 0,
  };
}
