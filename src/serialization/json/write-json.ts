import type { Decimal, PlainDate, PlainDateTime, PlainTime, Uuid } from '../../base/index.js';
import { formatDate, formatTime, fromInstant, parseDate, parseDateTime, parseTime } from '../iso-time.js';
import { isDecimalText, isPythonInt, pythonFloat, pythonNumber, uuidText } from '../python-number.js';
import { asBuffer, decodeUtf8 } from '../text.js';
import { Trail } from '../trail.js';
import type { Tuple } from '../tuple.js';
import { type ValueVisitor, visitValue } from '../visit-value.js';
import { isPlainValue } from './plain-value.js';

export interface JsonOptions {
  /**
   * Write dates, decimals, UUIDs and bytes as kombu 5.3 and later do (`{"__type__", "__value__"}`), so that they
   * arrive as what they are. Set it to false when a peer is older: then dates, decimals and UUIDs are plain text, and
   * bytes cannot be written. Default true. Readers understand both.
   */
  readonly envelopes?: boolean;
}

/** Writes JSON text as Python's kombu does. Throws ENCODE_FAILED naming the path of what cannot be written. */
export function writeJson(value: unknown, options: JsonOptions = {}): string {
  if (isPlainValue(value)) return JSON.stringify(value);
  return new JsonWriter(options.envelopes ?? true).write(value);
}

class JsonWriter implements ValueVisitor<string> {
  readonly #trail = new Trail('json');
  readonly #envelopes: boolean;

  constructor(envelopes: boolean) {
    this.#envelopes = envelopes;
  }

  write(value: unknown): string {
    return visitValue(value, this);
  }

  none(): string {
    return 'null';
  }
  boolean(value: boolean): string {
    return String(value);
  }
  number(value: number): string {
    if (Number.isFinite(value)) return isPythonInt(value) ? String(value) : pythonFloat(value);
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  }
  bigint(value: bigint): string {
    return value.toString();
  }
  text(value: string): string {
    return JSON.stringify(value);
  }

  list(items: readonly unknown[]): string {
    return this.#sequence(items, items);
  }
  tuple(value: Tuple): string {
    return this.#sequence(value, value.items);
  }
  dict(value: Readonly<Record<string, unknown>>): string {
    this.#trail.enter(value);
    let text = '';
    for (const key of Object.keys(value)) {
      this.#trail.at(key);
      const member = value[key];
      if (member !== undefined) text += `${text && ','}${JSON.stringify(key)}:${this.write(member)}`;
    }
    this.#trail.leave();
    return `{${text}}`;
  }
  map(value: ReadonlyMap<unknown, unknown>): string {
    this.#trail.enter(value);
    let text = '';
    for (const [key, member] of value) {
      const name = this.#keyText(key);
      this.#trail.at(name);
      text += `${text && ','}${JSON.stringify(name)}:${this.write(member)}`;
    }
    this.#trail.leave();
    return `{${text}}`;
  }
  set(): string {
    return this.other('a Set (Python has no JSON form for it either; send an array)');
  }

  instant(value: Date): string {
    const fields = fromInstant(value);
    if (!fields) throw this.#trail.refuse('a Date that is invalid or outside the years 1 to 9999');
    const zone = this.#envelopes ? '' : 'Z';
    const time = formatTime(zone ? { ...fields, offset: null } : fields);
    return this.#wrap('datetime', `${formatDate(fields)}T${time}${zone}`);
  }
  dateTime(value: PlainDateTime): string {
    if (parseDateTime(value.text)?.offset !== null)
      throw this.#trail.refuse('a PlainDateTime of another form');
    return this.#wrap('datetime', value.text);
  }
  date(value: PlainDate): string {
    if (!parseDate(value.text)) throw this.#trail.refuse('a PlainDate of another form');
    return this.#wrap('date', this.#envelopes ? value.text : `${value.text}T00:00:00`);
  }
  time(value: PlainTime): string {
    if (!parseTime(value.text)) throw this.#trail.refuse('a PlainTime of another form');
    return this.#wrap('time', value.text);
  }
  timeDelta(): string {
    return this.other('a TimeDelta (Python has no JSON form for it either; send seconds)');
  }
  decimal(value: Decimal): string {
    if (!isDecimalText(value.text)) throw this.#trail.refuse('a Decimal whose text is no number');
    return this.#wrap('decimal', value.text);
  }
  uuid(value: Uuid): string {
    const text = uuidText(value.text);
    if (text === undefined) throw this.#trail.refuse('a Uuid whose text is no UUID');
    return this.#wrap('uuid', this.#envelopes ? { hex: text.replaceAll('-', '') } : text);
  }
  bytes(value: Uint8Array): string {
    if (!this.#envelopes) return this.other('bytes (they need kombu 5.3 and the option `envelopes`)');
    const text = decodeUtf8(value);
    return text === undefined
      ? this.#wrap('base64', asBuffer(value).toString('base64'))
      : this.#wrap('bytes', text);
  }
  other(what: string): string {
    throw this.#trail.refuse(what);
  }

  #sequence(container: object, items: readonly unknown[]): string {
    this.#trail.enter(container);
    let text = '';
    for (let index = 0; index < items.length; index += 1) {
      this.#trail.at(index);
      text += `${text && ','}${this.write(items[index])}`;
    }
    this.#trail.leave();
    return `[${text}]`;
  }

  #wrap(type: string, value: unknown): string {
    return JSON.stringify(this.#envelopes ? { __type__: type, __value__: value } : value);
  }

  /** Keys become text as Python's `json` makes them. */
  #keyText(key: unknown): string {
    if (typeof key === 'string') return key;
    if (typeof key === 'number') return Number.isFinite(key) ? pythonNumber(key) : this.number(key);
    if (key === null || typeof key === 'boolean' || typeof key === 'bigint') return String(key);
    throw this.#trail.refuse(`a Map key that is no text, number, boolean or null`);
  }
}
