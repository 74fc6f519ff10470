import { Decimal, PlainDate, PlainDateTime, PlainTime, Uuid } from '../../base/index.js';
import { decodeFailed } from '../failures.js';
import { formatDate, formatTime, parseDate, parseDateTime, parseTime, toInstant } from '../iso-time.js';
import { isDecimalText, uuidText } from '../python-number.js';
import { hasLoneSurrogate } from '../text.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

type Reader = (value: unknown) => unknown;

/** Reads text with `read`; undefined when it is no text or does not fit. */
const fromText =
  (read: (text: string) => unknown): Reader =>
  (value) =>
    typeof value === 'string' ? read(value) : undefined;

/** kombu's decoders (kombu/utils/json.py) by `__type__`. Each gives undefined for a value that does not fit. */
const READERS: ReadonlyMap<unknown, Reader> = new Map<unknown, Reader>([
  ['datetime', fromText(readDateTime)],
  [
    'date',
    fromText((text) => {
      const fields = parseDateTime(text) ?? parseDate(text);
      return fields && new PlainDate(formatDate(fields));
    }),
  ],
  [
    'time',
    fromText((text) => {
      const fields = parseTime(text);
      return fields && new PlainTime(formatTime(fields));
    }),
  ],
  ['decimal', fromText((text) => (isDecimalText(text) ? new Decimal(text) : undefined))],
  ['uuid', readUuid],
  [
    'bytes',
    fromText((text) => (hasLoneSurrogate(text) ? undefined : new Uint8Array(Buffer.from(text, 'utf8')))),
  ],
  ['base64', fromText(readBase64)],
]);

function readDateTime(text: string): Date | PlainDateTime | undefined {
  const fields = parseDateTime(text);
  if (!fields) return undefined;
  return fields.offset === null
    ? new PlainDateTime(`${formatDate(fields)}T${formatTime(fields)}`)
    : toInstant(fields);
}

function readUuid(value: unknown): Uuid | undefined {
  const hex = typeof value === 'object' && value !== null && 'hex' in value ? value.hex : undefined;
  const text = typeof hex === 'string' ? uuidText(hex) : undefined;
  return text === undefined ? undefined : new Uuid(text);
}

function readBase64(text: string): Uint8Array | undefined {
  return BASE64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}

/**
 * The value an object stands for: itself, unless it has exactly the keys `__type__` and `__value__`. A `__type__`
 * that kombu does not define stays an object: its Python sender registered a type of its own, and nothing is lost.
 */
export function openEnvelope(object: Record<string, unknown>): unknown {
  if (!Object.hasOwn(object, '__type__') || !Object.hasOwn(object, '__value__')) return object;
  const reader = READERS.get(object.__type__);
  if (!reader || Object.keys(object).length !== 2) return object;
  const value = reader(object.__value__);
  if (value === undefined) throw decodeFailed('json', `__value__ is no ${String(object.__type__)}`);
  return value;
}
