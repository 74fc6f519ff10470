import {
  Decimal,
  OpaqueObject,
  PlainDate,
  PlainDateTime,
  PlainTime,
  TimeDelta,
  Uuid,
} from '../base/index.js';
import { PickledException } from './pickled-exception.js';
import { ResultReference } from './result-reference.js';
import { Tuple } from './tuple.js';

/** What a writer does with each kind of value. One place decides what a JavaScript value is in Python. */
export interface ValueVisitor<R> {
  none(): R;
  boolean(value: boolean): R;
  number(value: number): R;
  bigint(value: bigint): R;
  text(value: string): R;
  bytes(value: Uint8Array): R;
  list(value: readonly unknown[]): R;
  tuple(value: Tuple): R;
  /** Own enumerable members of a plain object or class instance. */
  dict(value: Readonly<Record<string, unknown>>): R;
  map(value: ReadonlyMap<unknown, unknown>): R;
  set(value: ReadonlySet<unknown>): R;
  instant(value: Date): R;
  dateTime(value: PlainDateTime): R;
  date(value: PlainDate): R;
  time(value: PlainTime): R;
  timeDelta(value: TimeDelta): R;
  decimal(value: Decimal): R;
  uuid(value: Uuid): R;
  /** Anything that is no data; `what` names it. */
  other(what: string): R;
}

/** Calls the visitor's method for `value`. Objects with a `toJSON` stand for what it returns. */
export function visitValue<R>(value: unknown, to: ValueVisitor<R>, mayReplace = true): R {
  switch (typeof value) {
    case 'string':
      return to.text(value);
    case 'number':
      return to.number(value);
    case 'boolean':
      return to.boolean(value);
    case 'bigint':
      return to.bigint(value);
    case 'undefined':
      return to.none();
    case 'object':
      return value === null ? to.none() : visitObject(value, to, mayReplace);
    default:
      return to.other(`a ${typeof value}`);
  }
}

function visitObject<R>(value: object, to: ValueVisitor<R>, mayReplace: boolean): R {
  if (Array.isArray(value)) return to.list(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || prototype === null;
  if (!plain) {
    if (value instanceof Uint8Array) return to.bytes(value);
    if (value instanceof Date) return to.instant(value);
    if (value instanceof Map) return to.map(value);
    if (value instanceof Set) return to.set(value);
    if (value instanceof Tuple) return to.tuple(value);
    if (value instanceof PlainDateTime) return to.dateTime(value);
    if (value instanceof PlainDate) return to.date(value);
    if (value instanceof PlainTime) return to.time(value);
    if (value instanceof TimeDelta) return to.timeDelta(value);
    if (value instanceof Decimal) return to.decimal(value);
    if (value instanceof Uuid) return to.uuid(value);
  }
  if (mayReplace && 'toJSON' in value && typeof value.toJSON === 'function') {
    return visitValue(value.toJSON() as unknown, to, false);
  }
  if (plain) return to.dict(value as Record<string, unknown>);
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return visitValue(value.valueOf(), to, false);
  }
  const refused = notData(value);
  return refused ? to.other(refused) : to.dict(value as Record<string, unknown>);
}

/** Objects whose content is not in their members: writing them would silently give `{}`. */
function notData(value: object): string | undefined {
  if (value instanceof Promise) return 'a Promise (await it first)';
  if (value instanceof OpaqueObject || value instanceof PickledException) {
    return `the Python object ${value.module}.${value.qualname}`;
  }
  if (value instanceof ResultReference) return `a Python ${value.kind}`;
  if (value instanceof Error) return 'an Error (return its message or throw it)';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `${value.constructor.name} (use Uint8Array for bytes, an array for numbers)`;
  }
  if (value instanceof RegExp || value instanceof WeakMap || value instanceof WeakSet)
    return value.constructor.name;
  return undefined;
}
