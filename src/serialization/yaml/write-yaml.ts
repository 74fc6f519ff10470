import type { Decimal, PlainDate, PlainDateTime, PlainTime, Uuid } from '../../base/index.js';
import { formatDate, formatTime, fromInstant, parseDate, parseDateTime } from '../iso-time.js';
import { isPythonInt, pythonFloat } from '../python-number.js';
import { asBuffer } from '../text.js';
import { Trail } from '../trail.js';
import type { Tuple } from '../tuple.js';
import { type ValueVisitor, visitValue } from '../visit-value.js';

/** What PyYAML refuses to read as it is, or folds: everything else may stand in a quoted text. */
const ESCAPED = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;
/** A key must end within so many characters, else PyYAML wants it announced. */
const MAX_SIMPLE_KEY = 1000;

/** Writes YAML 1.1 that PyYAML's `safe_load` reads back as the same value. Throws ENCODE_FAILED naming the path. */
export const writeYaml = (value: unknown): string => `${visitValue(value, new YamlWriter())}\n`;

class YamlWriter implements ValueVisitor<string> {
  readonly #trail = new Trail('yaml');

  none(): string {
    return 'null';
  }
  boolean(value: boolean): string {
    return String(value);
  }
  number(value: number): string {
    if (isPythonInt(value)) return String(value);
    if (Number.isNaN(value)) return '.nan';
    if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
    // PyYAML takes a number without a point for a text: `1e+20`.
    return pythonFloat(value).replace(/^(-?\d+)e/, '$1.0e');
  }
  bigint(value: bigint): string {
    return value.toString();
  }
  text(value: string): string {
    return JSON.stringify(value).replace(
      ESCAPED,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
  bytes(value: Uint8Array): string {
    return `!!binary "${asBuffer(value).toString('base64')}"`;
  }

  list(items: readonly unknown[]): string {
    return this.#sequence(items, items);
  }
  tuple(value: Tuple): string {
    return this.#sequence(value, value.items);
  }
  set(value: ReadonlySet<unknown>): string {
    return `!!set ${this.#mapping(
      value,
      [...value].map((item) => [item, null] as const),
    )}`;
  }
  dict(value: Readonly<Record<string, unknown>>): string {
    const members = Object.entries(value).filter(([, item]) => item !== undefined);
    return this.#mapping(value, members);
  }
  map(value: ReadonlyMap<unknown, unknown>): string {
    return this.#mapping(value, value);
  }

  instant(value: Date): string {
    const fields = fromInstant(value);
    if (!fields) throw this.#trail.refuse('a Date that is invalid or outside the years 1 to 9999');
    return `${formatDate(fields)}T${formatTime(fields)}`;
  }
  dateTime(value: PlainDateTime): string {
    const fields = parseDateTime(value.text);
    if (fields?.offset !== null) throw this.#trail.refuse('a PlainDateTime of another form');
    return `${formatDate(fields)}T${formatTime(fields)}`;
  }
  date(value: PlainDate): string {
    if (!parseDate(value.text)) throw this.#trail.refuse('a PlainDate of another form');
    return value.text;
  }
  time(_: PlainTime): string {
    return this.other('a PlainTime (PyYAML refuses it as well; send text)');
  }
  timeDelta(): string {
    return this.other('a TimeDelta (PyYAML refuses it as well; send seconds)');
  }
  decimal(_: Decimal): string {
    return this.other('a Decimal (PyYAML refuses it as well; send text)');
  }
  uuid(_: Uuid): string {
    return this.other('a Uuid (PyYAML refuses it as well; send text)');
  }
  other(what: string): string {
    throw this.#trail.refuse(what);
  }

  #sequence(container: object, items: readonly unknown[]): string {
    this.#trail.enter(container);
    const parts = items.map((item, at) => {
      this.#trail.at(at);
      return visitValue(item, this);
    });
    this.#trail.leave();
    return `[${parts.join(', ')}]`;
  }

  #mapping(container: object, entries: Iterable<readonly [unknown, unknown]>): string {
    this.#trail.enter(container);
    const parts: string[] = [];
    for (const [key, item] of entries) {
      this.#trail.at(typeof key === 'string' ? key : '<key>');
      parts.push(`${this.#key(key)}: ${visitValue(item, this)}`);
    }
    this.#trail.leave();
    return `{${parts.join(', ')}}`;
  }

  #key(key: unknown): string {
    if (key !== null && typeof key === 'object' && !(key instanceof Date) && !('text' in key))
      throw this.#trail.refuse('a key that is no text, number, date, truth value or null');
    const text = visitValue(key, this);
    return text.length > MAX_SIMPLE_KEY ? `? ${text}` : text;
  }
}
