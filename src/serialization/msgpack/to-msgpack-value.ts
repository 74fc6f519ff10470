import { isPythonInt } from '../python-number.js';
import { setMember } from '../set-member.js';
import { hasLoneSurrogate } from '../text.js';
import { Trail } from '../trail.js';
import type { Tuple } from '../tuple.js';
import { type ValueVisitor, visitValue } from '../visit-value.js';

const SMALL = 2 ** 31;
const MAX_INT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** The value in terms of what msgpack holds. Throws ENCODE_FAILED naming the path of what it does not. */
export const toMsgpackValue = (value: unknown): unknown => visitValue<unknown>(value, new ToMsgpackValue());

class ToMsgpackValue implements ValueVisitor<unknown> {
  readonly #trail = new Trail('msgpack');

  none(): null {
    return null;
  }
  boolean(value: boolean): boolean {
    return value;
  }
  /** Larger integers as bigint: the package would write them as floats. */
  number(value: number): number | bigint {
    return isPythonInt(value) && Math.abs(value) >= SMALL ? BigInt(value) : value;
  }
  bigint(value: bigint): bigint {
    if (value >= MIN_INT64 && value <= MAX_INT64) return value;
    return this.#refuse('an integer of more than 64 bits (send it as text)');
  }
  text(value: string): string {
    if (hasLoneSurrogate(value)) return this.#refuse('a text with half of a surrogate pair');
    return value;
  }
  bytes(value: Uint8Array): Uint8Array {
    return value;
  }

  list(items: readonly unknown[]): unknown[] {
    return this.#sequence(items, items);
  }
  tuple(value: Tuple): unknown[] {
    return this.#sequence(value, value.items);
  }
  dict(value: Readonly<Record<string, unknown>>): object {
    return this.#members(value, Object.entries(value));
  }
  map(value: ReadonlyMap<unknown, unknown>): object {
    return this.#members(value, value);
  }

  set(): never {
    return this.#refuse('a Set (Python’s packer refuses it as well; send an array)');
  }
  instant(): never {
    return this.#refuse('a Date (Python’s packer refuses it as well; send text)');
  }
  dateTime(): never {
    return this.#refuse('a PlainDateTime (Python’s packer refuses it as well; send text)');
  }
  date(): never {
    return this.#refuse('a PlainDate (Python’s packer refuses it as well; send text)');
  }
  time(): never {
    return this.#refuse('a PlainTime (Python’s packer refuses it as well; send text)');
  }
  timeDelta(): never {
    return this.#refuse('a TimeDelta (Python’s packer refuses it as well; send seconds)');
  }
  decimal(): never {
    return this.#refuse('a Decimal (Python’s packer refuses it as well; send text)');
  }
  uuid(): never {
    return this.#refuse('a Uuid (Python’s packer refuses it as well; send text)');
  }
  other(what: string): never {
    return this.#refuse(what);
  }

  #refuse(why: string): never {
    throw this.#trail.refuse(why);
  }

  #sequence(container: object, items: readonly unknown[]): unknown[] {
    this.#trail.enter(container);
    const made = items.map((item, at) => {
      this.#trail.at(at);
      return visitValue<unknown>(item, this);
    });
    this.#trail.leave();
    return made;
  }

  #members(container: object, entries: Iterable<readonly [unknown, unknown]>): object {
    this.#trail.enter(container);
    const made = {};
    for (const [key, item] of entries) {
      this.#trail.at(typeof key === 'string' ? key : '<key>');
      if (typeof key !== 'string') return this.#refuse('a key that is no text (Python refuses to read it)');
      if (item !== undefined) setMember(made, this.text(key), visitValue<unknown>(item, this));
    }
    this.#trail.leave();
    return made;
  }
}
