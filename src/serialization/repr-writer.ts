import {
  type Decimal,
  isSecretKey,
  MASK,
  maskUrl,
  type PlainDate,
  type PlainDateTime,
  type PlainTime,
  type TimeDelta,
  type Uuid,
} from '../base/index.js';
import {
  type DateFields,
  fromInstant,
  parseDate,
  parseDateTime,
  parseTime,
  type TimeFields,
} from './iso-time.js';
import { pythonNumber } from './python-number.js';
import { asBuffer, decodeUtf8 } from './text.js';
import { type Tuple } from './tuple.js';
import { type ValueVisitor, visitValue } from './visit-value.js';

export interface ReprOptions {
  /** Characters, more or less: open brackets are still closed after the limit. Default 1024. */
  readonly maxLength?: number;
  /** Containers inside containers that are shown (`task_repr_maxlevels`). Default 3. */
  readonly maxLevels?: number;
  /** Keys and argument names whose values are shown as `********`, beside those that sound secret (`api_key`, ...). */
  readonly mask?: readonly string[];
}

const URL_MARGIN = 512;

/** Prints until the room is used up; every method tells whether there is room for more. */
export class ReprWriter implements ValueVisitor<boolean> {
  readonly #maxLevels: number;
  readonly #mask: ReadonlySet<string>;
  readonly #open: object[] = [];
  #left: number;
  #out = '';

  constructor({ maxLength = 1024, maxLevels = 3, mask = [] }: ReprOptions) {
    this.#left = maxLength;
    this.#maxLevels = maxLevels;
    this.#mask = new Set(mask);
  }

  print(value: unknown): string {
    this.#visit(value);
    return this.#out;
  }

  none(): boolean {
    return this.#word('None');
  }
  boolean(value: boolean): boolean {
    return this.#word(value ? 'True' : 'False');
  }
  number(value: number): boolean {
    return this.#word(pythonNumber(value));
  }
  bigint(value: bigint): boolean {
    return this.#word(value.toString());
  }
  text(value: string): boolean {
    return this.#print(this.#quoted(value));
  }
  bytes(value: Uint8Array): boolean {
    const cut = value.length > this.#left;
    const shown = cut ? value.subarray(0, this.#left) : value;
    return this.#print(`b'${decodeUtf8(shown) ?? asBuffer(shown).toString('hex')}${cut ? '...' : ''}'`);
  }

  list(items: readonly unknown[]): boolean {
    return this.#sequence(items, items, '[', ']', 'list');
  }
  tuple(value: Tuple): boolean {
    return this.#sequence(value, value.items, '(', value.items.length === 1 ? ',)' : ')', 'tuple');
  }
  set(value: ReadonlySet<unknown>): boolean {
    return value.size === 0 ? this.#word('set()') : this.#sequence(value, [...value], '{', '}', 'set');
  }
  dict(value: Readonly<Record<string, unknown>>): boolean {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return this.#entries(value, entries);
  }
  map(value: ReadonlyMap<unknown, unknown>): boolean {
    return this.#entries(value, [...value]);
  }

  instant(value: Date): boolean {
    const fields = fromInstant(value);
    if (!fields) return this.other('invalid date');
    return this.#word(
      `datetime.datetime(${dayText(fields)}, ${clockText(fields)}, tzinfo=datetime.timezone.utc)`,
    );
  }
  dateTime(value: PlainDateTime): boolean {
    const fields = parseDateTime(value.text);
    return this.#word(
      `datetime.datetime(${fields ? `${dayText(fields)}, ${clockText(fields)}` : `'${value.text}'`})`,
    );
  }
  date(value: PlainDate): boolean {
    const fields = parseDate(value.text);
    return this.#word(`datetime.date(${fields ? dayText(fields) : `'${value.text}'`})`);
  }
  time(value: PlainTime): boolean {
    const fields = parseTime(value.text);
    return this.#word(`datetime.time(${fields?.offset === null ? clockText(fields) : `'${value.text}'`})`);
  }
  timeDelta({ days, seconds, microseconds }: TimeDelta): boolean {
    const parts = Object.entries({ days, seconds, microseconds }).filter(([, amount]) => amount !== 0);
    return this.#word(
      `datetime.timedelta(${parts.map(([name, amount]) => `${name}=${amount}`).join(', ') || '0'})`,
    );
  }
  decimal(value: Decimal): boolean {
    return this.#word(`Decimal('${value.text}')`);
  }
  uuid(value: Uuid): boolean {
    return this.#word(`UUID('${value.text}')`);
  }
  other(what: string): boolean {
    return this.#word(`<${what}>`);
  }

  #visit(value: unknown): boolean {
    try {
      return visitValue(value, this);
    } catch {
      return this.#word('<Unrepresentable>'); // A getter or a toJSON of the value threw.
    }
  }

  #sequence(container: object, items: readonly unknown[], start: string, end: string, type: string): boolean {
    return this.#container(container, start, end, type, () => {
      for (let index = 0; index < items.length; index += 1) {
        if (index > 0 && !this.#print(', ')) return false;
        if (!this.#visit(items[index])) return false;
      }
      return true;
    });
  }

  #entries(container: object, entries: readonly (readonly [unknown, unknown])[]): boolean {
    return this.#container(container, '{', '}', 'dict', () => {
      let first = true;
      for (const [key, item] of entries) {
        if (!first && !this.#print(', ')) return false;
        first = false;
        if (!this.#print(this.#keyText(key)) || !this.#print(': ')) return false;
        if (!this.#visit(this.#isHidden(key) && item !== null && item !== undefined ? MASK : item))
          return false;
      }
      return true;
    });
  }

  #container(container: object, start: string, end: string, type: string, members: () => boolean): boolean {
    if (this.#open.length >= this.#maxLevels) return this.#print(`${start}...${end}`);
    if (this.#open.includes(container)) return this.#print(`<Recursion on ${type}>`);
    if (!this.#print(start)) return false;
    this.#open.push(container);
    const more = members();
    this.#open.pop();
    // The closing bracket is printed whether there is room or not.
    this.#out += end;
    this.#left -= end.length;
    return more;
  }

  #isHidden(key: unknown): boolean {
    return typeof key === 'string' && (this.#mask.has(key) || isSecretKey(key));
  }

  #keyText(key: unknown): string {
    if (typeof key === 'string') return this.#quoted(key);
    return new ReprWriter({ maxLength: this.#left, maxLevels: this.#maxLevels }).print(key);
  }

  #quoted(value: string): string {
    // Cut first: masking searches the whole text. The margin keeps a URL whole across the place where it is cut.
    const near = value.length > this.#left ? value.slice(0, this.#left + URL_MARGIN) : value;
    const shown = truncate(near.includes('://') ? maskUrl(near) : near, this.#left);
    return `'${shown.includes("'") ? shown.replaceAll("'", "\\'") : shown}'`;
  }

  #word(text: string): boolean {
    return this.#print(truncate(text, this.#left));
  }

  #print(text: string): boolean {
    if (this.#left <= 0) {
      this.#out += ', ...';
      return false;
    }
    this.#out += text;
    this.#left -= text.length;
    return true;
  }
}

/** Cut at the last space before the limit, as Celery does; never inside a character. */
function truncate(text: string, maxLength: number): string {
  if (text.length < maxLength) return text;
  const cut = text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${space === -1 ? cut : cut.slice(0, space)}...`;
}

const dayText = ({ year, month, day }: DateFields): string => `${year}, ${month}, ${day}`;

/** Seconds and microseconds are left out when zero, as in Python's repr. */
function clockText({ hour, minute, second, microsecond }: TimeFields): string {
  const parts = [hour, minute, second, microsecond];
  const used = microsecond ? 4 : second ? 3 : 2;
  return parts.slice(0, used).join(', ');
}
