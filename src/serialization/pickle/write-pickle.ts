import type { Decimal, PlainDate, PlainDateTime, PlainTime, TimeDelta, Uuid } from '../../base/index.js';
import { fromInstant, parseDate, parseDateTime, parseTime } from '../iso-time.js';
import { isDecimalText, isPythonInt, uuidText } from '../python-number.js';
import { Trail } from '../trail.js';
import { type Tuple } from '../tuple.js';
import { type ValueVisitor, visitValue } from '../visit-value.js';
import { dateBytes } from './date-bytes.js';
import { PickleEmitter, type PickleProtocol } from './emitter.js';
import { OP } from './opcodes.js';

export interface PickleOptions {
  /** Default 4. */
  readonly protocol?: PickleProtocol;
}

/**
 * Pickles a value. Emits Python's built-in types, datetime, Decimal and UUID, and no other class: what came out of a
 * foreign pickle as `OpaqueObject` is refused. Throws ENCODE_FAILED naming the path.
 */
export function writePickle(value: unknown, options: PickleOptions = {}): Uint8Array {
  const out = new PickleEmitter(options.protocol ?? 4);
  visitValue(value, new PickleWriter(out));
  return out.finish();
}

class PickleWriter implements ValueVisitor<void> {
  readonly #out: PickleEmitter;
  readonly #trail = new Trail('pickle');
  /** Above zero inside keys and set members, which Python must be able to hash. */
  #frozen = 0;

  constructor(out: PickleEmitter) {
    this.#out = out;
  }

  none(): void {
    this.#out.op(OP.NONE);
  }
  boolean(value: boolean): void {
    this.#out.op(value ? OP.NEWTRUE : OP.NEWFALSE);
  }
  number(value: number): void {
    if (isPythonInt(value)) this.#out.int(value);
    else this.#out.float(value);
  }
  bigint(value: bigint): void {
    this.#out.long(value);
  }
  text(value: string): void {
    this.#out.text(value);
  }
  bytes(value: Uint8Array): void {
    this.#out.bytes(value);
  }

  /** A list; a tuple where it must be hashed, because readers give arrays for both. */
  list(items: readonly unknown[]): void {
    if (this.#frozen) return this.#members(items, items, OP.TUPLE);
    this.#out.op(OP.EMPTY_LIST);
    if (items.length) this.#members(items, items, OP.APPENDS);
  }
  tuple(value: Tuple): void {
    this.#members(value, value.items, OP.TUPLE);
  }
  set(value: ReadonlySet<unknown>): void {
    const call = this.#frozen || this.#out.protocol < 4;
    if (call) this.#out.global('__builtin__', this.#frozen ? 'frozenset' : 'set');
    this.#out.op(call ? OP.EMPTY_LIST : OP.EMPTY_SET);
    this.#frozen += 1;
    this.#members(value, [...value], call ? OP.APPENDS : OP.ADDITEMS);
    this.#frozen -= 1;
    if (call) {
      this.#out.op(OP.TUPLE1);
      this.#out.op(OP.REDUCE);
    }
  }
  dict(value: Readonly<Record<string, unknown>>): void {
    this.#entries(value, Object.entries(value), (item) => item !== undefined);
  }
  map(value: ReadonlyMap<unknown, unknown>): void {
    this.#entries(value, value, () => true);
  }

  instant(value: Date): void {
    const fields = fromInstant(value);
    if (!fields) throw this.#trail.refuse('a Date that is invalid or outside the years 1 to 9999');
    this.#out.global('datetime', 'datetime');
    this.bytes(dateBytes(fields, fields));
    this.#zone(0);
    this.#call(OP.TUPLE2);
  }
  dateTime(value: PlainDateTime): void {
    const fields = parseDateTime(value.text);
    if (fields?.offset !== null) throw this.#trail.refuse('a PlainDateTime of another form');
    this.#out.global('datetime', 'datetime');
    this.bytes(dateBytes(fields, fields));
    this.#call(OP.TUPLE1);
  }
  date(value: PlainDate): void {
    const fields = parseDate(value.text);
    if (!fields) throw this.#trail.refuse('a PlainDate of another form');
    this.#out.global('datetime', 'date');
    this.bytes(dateBytes(fields, null));
    this.#call(OP.TUPLE1);
  }
  time(value: PlainTime): void {
    const fields = parseTime(value.text);
    if (!fields) throw this.#trail.refuse('a PlainTime of another form');
    this.#out.global('datetime', 'time');
    this.bytes(dateBytes(null, fields));
    if (fields.offset !== null) this.#zone(fields.offset);
    this.#call(fields.offset === null ? OP.TUPLE1 : OP.TUPLE2);
  }
  timeDelta({ days, seconds, microseconds }: TimeDelta): void {
    if (![days, seconds, microseconds].every(isPythonInt))
      throw this.#trail.refuse('a TimeDelta of fractions');
    this.#delta(days, seconds, microseconds);
  }
  decimal(value: Decimal): void {
    if (!isDecimalText(value.text)) throw this.#trail.refuse('a Decimal whose text is no number');
    this.#callWithText('decimal', 'Decimal', value.text);
  }
  uuid(value: Uuid): void {
    const text = uuidText(value.text);
    if (text === undefined) throw this.#trail.refuse('a Uuid whose text is no UUID');
    this.#callWithText('uuid', 'UUID', text);
  }
  other(what: string): void {
    throw this.#trail.refuse(what);
  }

  #members(container: object, items: readonly unknown[], end: number): void {
    this.#trail.enter(container);
    this.#out.op(OP.MARK);
    for (let index = 0; index < items.length; index += 1) {
      this.#trail.at(index);
      visitValue(items[index], this);
    }
    this.#out.op(end);
    this.#trail.leave();
  }

  #entries(
    container: object,
    entries: Iterable<readonly [unknown, unknown]>,
    keep: (item: unknown) => boolean,
  ): void {
    if (this.#frozen) throw this.#trail.refuse('an object as key or set member (Python cannot hash a dict)');
    this.#trail.enter(container);
    this.#out.op(OP.EMPTY_DICT);
    this.#out.op(OP.MARK);
    for (const [key, item] of entries) {
      this.#trail.at(typeof key === 'number' ? key : typeof key === 'string' ? key : '<key>');
      if (!keep(item)) continue;
      this.#frozen += 1;
      visitValue(key, this);
      this.#frozen -= 1;
      visitValue(item, this);
    }
    this.#out.op(OP.SETITEMS);
    this.#trail.leave();
  }

  #zone(offset: number): void {
    this.#out.global('datetime', 'timezone');
    const days = Math.floor(offset / 86_400e6);
    const rest = offset - days * 86_400e6;
    this.#delta(days, Math.floor(rest / 1e6), rest % 1e6);
    this.#call(OP.TUPLE1);
  }

  #delta(days: number, seconds: number, microseconds: number): void {
    this.#out.global('datetime', 'timedelta');
    for (const part of [days, seconds, microseconds]) this.#out.int(part);
    this.#call(OP.TUPLE3);
  }

  #callWithText(module: string, qualname: string, text: string): void {
    this.#out.global(module, qualname);
    this.text(text);
    this.#call(OP.TUPLE1);
  }

  #call(tuple: number): void {
    this.#out.op(tuple);
    this.#out.op(OP.REDUCE);
  }
}
