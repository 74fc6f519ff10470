import fc from 'fast-check';
import { Decimal, PlainDate, PlainDateTime, PlainTime, TimeDelta, Uuid } from '../../src/base/index.js';

const two = (value: number): string => String(value).padStart(2, '0');
const day = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const dayText = day.map((date) => date.toISOString().slice(0, 10));
const clockText = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.option(fc.integer({ min: 1, max: 999_999 }), { nil: 0 }))
  .map(([h, m, s, us]) => `${two(h)}:${two(m)}:${two(s)}${us ? `.${String(us).padStart(6, '0')}` : ''}`);

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', '__type__', '\0', '\ud800', '😀'),
);

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 1e21, 1e16),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  text,
  day,
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  fc.uuid().map((id) => new Uuid(id)),
  fc.tuple(fc.bigInt(), fc.nat(9)).map(([digits, scale]) => new Decimal(`${digits}.${scale}`)),
  dayText.map((value) => new PlainDate(value)),
  clockText.map((value) => new PlainTime(value)),
  fc.tuple(dayText, clockText).map(([date, time]) => new PlainDateTime(`${date}T${time}`)),
);

/** Keys of which no two are equal in Python. */
const key = fc.oneof(text, fc.integer({ min: 2 }), fc.bigInt({ min: 2n ** 60n }));

const { json, pickle } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('json')),
    fc.dictionary(text, tie('json')),
  ),
  pickle: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('pickle')),
    fc.dictionary(text, tie('pickle')),
    fc.array(fc.tuple(key, tie('pickle')), { minLength: 1 }).map((entries) => new Map(entries)),
    fc.uniqueArray(fc.oneof(text, fc.integer({ min: 2 }))).map((items) => new Set(items)),
    fc
      .tuple(fc.integer({ min: -10_000, max: 10_000 }), fc.nat(86_399), fc.nat(999_999))
      .map(([d, s, us]) => new TimeDelta(d, s, us)),
  ),
}));

/** Values that JSON with kombu's extensions holds. */
export const jsonValue: fc.Arbitrary<unknown> = json;
/** Values that pickle holds. */
export const pickleValue: fc.Arbitrary<unknown> = pickle;

/** What is read back of a value: small bigints are numbers, a Map whose keys are all text is an object. */
export function afterPython(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(afterPython);
  if (value instanceof Map) {
    const entries = [...value].map(([name, item]) => [afterPython(name), afterPython(item)] as const);
    const plain = entries.every(([name]) => typeof name === 'string');
    return plain ? Object.fromEntries(entries as [string, unknown][]) : new Map(entries);
  }
  const prototype: unknown =
    value !== null && typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) {
    return Object.fromEntries(
      Object.entries(value as object).map(([name, item]) => [name, afterPython(item)]),
    );
  }
  return value;
}
