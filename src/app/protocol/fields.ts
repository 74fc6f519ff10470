import type { SignatureData } from '../signature-data.js';
import type { Embed } from '../task-message.js';
import { invalidMessage, type MessageSource } from './invalid-message.js';

type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && isDictionary(value);
}

function isDictionary(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const isUnset = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Reads the fields of one message, each strictly: a wrong type is MESSAGE_INVALID with the field's name as reason. */
export class FieldReader {
  readonly #source: MessageSource;

  constructor(source: MessageSource) {
    this.#source = source;
  }

  args(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) throw invalidMessage(this.#source, 'args', 'args must be a list');
    return value;
  }

  kwargs(value: unknown): Mapping {
    if (!isMapping(value)) throw invalidMessage(this.#source, 'kwargs', 'kwargs must be a mapping');
    return value;
  }

  embed(value: unknown): Embed {
    if (isUnset(value)) return { callbacks: null, errbacks: null, chain: null, chord: null };
    if (!isMapping(value)) throw invalidMessage(this.#source, 'embed', 'embed must be a mapping or null');
    return {
      callbacks: this.#signatures('callbacks', value['callbacks']),
      errbacks: this.#signatures('errbacks', value['errbacks']),
      chain: this.#signatures('chain', value['chain']),
      chord: isUnset(value['chord']) ? null : this.#signature('chord', value['chord']),
    };
  }

  /** A text, or null. Numbers are taken as their text: ids of other producers need not be strings. */
  text(name: string, value: unknown): string | null {
    if (isUnset(value)) return null;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    throw invalidMessage(this.#source, 'header', `${name} must be a string or null`);
  }

  retries(value: unknown): number {
    if (isUnset(value)) return 0;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    throw invalidMessage(this.#source, 'retries', 'retries must be a whole number, 0 or more');
  }

  integer(name: string, value: unknown): number | null {
    if (isUnset(value)) return null;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw invalidMessage(this.#source, 'header', `${name} must be a whole number or null`);
  }

  timelimit(value: unknown): readonly [number | null, number | null] {
    if (isUnset(value)) return [null, null];
    if (
      !Array.isArray(value) ||
      value.length !== 2 ||
      !value.every((item) => item === null || typeof item === 'number')
    ) {
      throw invalidMessage(this.#source, 'timelimit', 'timelimit must be [hard, soft] in seconds or null');
    }
    return [value[0] as number | null, value[1] as number | null];
  }

  names(name: string, value: unknown): readonly string[] | null {
    if (isUnset(value)) return null;
    const list = value instanceof Set ? [...value] : value;
    if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
    throw invalidMessage(this.#source, 'header', `${name} must be a list of strings or null`);
  }

  #signatures(name: string, value: unknown): readonly SignatureData[] | null {
    if (isUnset(value)) return null;
    const list = Array.isArray(value) ? value : [value];
    return list.map((item) => this.#signature(name, item));
  }

  #signature(name: string, value: unknown): SignatureData {
    if (!isMapping(value) || typeof value['task'] !== 'string') {
      throw invalidMessage(this.#source, 'embed', `${name} must hold signatures: mappings with a task name`);
    }
    const { args = [], kwargs = {}, options = {}, subtask_type = null, immutable = false } = value;
    return {
      task: value['task'],
      args: this.args(args ?? []),
      kwargs: this.kwargs(kwargs ?? {}),
      options: isMapping(options) ? options : {},
      subtask_type: typeof subtask_type === 'string' ? subtask_type : null,
      immutable: immutable === true,
    };
  }
}
