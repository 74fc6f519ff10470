import { invalid, missing } from './errors.js';

type Values = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * The parameters of one call, whichever protocol brought them. Query carries every number as text, and some JSON
 * clients do too, so numbers are taken in both forms.
 */
export class Input {
  readonly #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  has(name: string): boolean {
    const value = this.#values[name];
    return value !== undefined && value !== null;
  }

  /** @throws SqsError MissingParameter */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined || value === '') throw missing(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw invalid(typeof value, name, 'a string is expected.');
  }

  /** @throws SqsError InvalidParameterValue when not a whole number in the range */
  integer(name: string, range: Range): number | undefined {
    const text = this.optionalText(name);
    if (text === undefined) return undefined;
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= range.min && value <= range.max)) {
      throw invalid(text, name, `Must be an integer from ${range.min} to ${range.max}.`);
    }
    return value;
  }

  texts(name: string): string[] {
    const value = this.#values[name];
    if (value === undefined || value === null) return [];
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.map((item) => String(item));
  }

  record(name: string): Values {
    const value = this.#values[name];
    if (value === undefined || value === null) return {};
    if (!isRecord(value)) throw invalid(typeof value, name, 'a map is expected.');
    return value;
  }

  /** A map whose values are texts, as queue attributes and tags are. */
  textRecord(name: string): Record<string, string> {
    const values = new Input(this.record(name));
    const keys = Object.keys(values.#values);
    return Object.fromEntries(keys.map((key) => [key, values.optionalText(key) ?? '']));
  }

  entries(name: string): Input[] {
    const value = this.#values[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw invalid(typeof value, name, 'a list is expected.');
    return value.map((item: unknown) => new Input(isRecord(item) ? item : {}));
  }
}
