import { PlainDate, PlainDateTime } from '../../base/index.js';
import { checkedDate, checkedTime, formatDate, formatTime, toInstant } from '../iso-time.js';
import { MAX_INT_DIGITS, toInteger } from '../python-number.js';

/*
 * What PyYAML takes a plain scalar for. Its rules are narrower than YAML 1.1's own: `y` and `1e3` are texts, and its
 * dumper writes texts bare by the same rules.
 */
const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INT = /^[-+]?(?:0b[0-1_]+|0[0-7_]+|(?:0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?)?$/;

/** The value of a plain scalar without a tag. */
export function resolvePlain(text: string): unknown {
  if (NULL.test(text)) return null;
  const first = text.charCodeAt(0);
  // Digits, sign or point: the rest cannot be a number or a date.
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e) {
    return resolveInt(text) ?? resolveFloat(text) ?? resolveTimestamp(text) ?? text;
  }
  return resolveBool(text) ?? text;
}

export const resolveNull = (text: string): null | undefined => (NULL.test(text) ? null : undefined);

export function resolveBool(text: string): boolean | undefined {
  if (TRUE.test(text)) return true;
  return FALSE.test(text) ? false : undefined;
}

export function resolveInt(text: string): number | bigint | undefined {
  if (!INT.test(text) || text.length > MAX_INT_DIGITS) return undefined;
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const value = digits.includes(':') ? sexagesimal(digits) : wholeNumber(digits);
  if (value === undefined) return undefined;
  const signed = text.startsWith('-') ? -value : value;
  return toInteger(signed);
}

function wholeNumber(digits: string): bigint | undefined {
  if (digits === '0b' || digits === '0x') return undefined;
  return BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
}

/** `1:30` is ninety, as in hours and minutes. Beyond a few parts nobody means that. */
function sexagesimal(digits: string): bigint | undefined {
  const parts = digits.split(':');
  if (parts.length > 16) return undefined;
  return parts.reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

export function resolveFloat(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined;
  const plain = text.replaceAll('_', '').toLowerCase();
  const size = plain.replace(/^[-+]/, '');
  const sign = plain.startsWith('-') ? -1 : 1;
  if (size === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (size === '.nan') return Number.NaN;
  return sign * size.split(':').reduce((sum, part) => sum * 60 + Number(part === '.' ? 0 : part), 0);
}

/** A date, a time without zone, or an instant; undefined for days and hours that do not exist. */
export function resolveTimestamp(text: string): Date | PlainDate | PlainDateTime | undefined {
  const found = TIMESTAMP.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', utc, sign, oh = '0', om = '0'] = found;
  const date = checkedDate(Number(year), Number(month), Number(day));
  if (date === undefined) return undefined;
  if (hour === undefined) {
    // PyYAML takes `2024-1-2` for a text: only the long form is a date by itself.
    return text.length === 10 ? new PlainDate(formatDate(date)) : undefined;
  }
  const minutes = Number(oh) * 60 + Number(om);
  const offset = utc ? 0 : sign ? (sign === '-' && minutes > 0 ? -minutes : minutes) * 60e6 : null;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const time = checkedTime(Number(hour), Number(minute), Number(second), micros, offset);
  if (time === undefined) return undefined;
  if (offset === null) return new PlainDateTime(`${formatDate(date)}T${formatTime(time)}`);
  return toInstant({ ...date, ...time });
}
