import { isJson } from './is-json.js';
import { MARK, type Marked, marked } from './marks.js';
import { packError } from './pack-error.js';
import { valueClassOf } from './value-classes.js';

/** A value as it crosses. */
export interface Packed {
  readonly value: unknown;
  /**
   * `json`: it is as its JSON text has it. `clone`: as the engine's cloning has it. `marked`: something in it had to be
   * replaced, and has to be put back.
   */
  readonly as: 'json' | 'clone' | 'marked';
}

/** Makes any value fit to be cloned, so that `unpack` gives what every writer of results and messages takes for the same. */
export function pack(value: unknown): Packed {
  if (isJson(value)) return { value, as: 'json' };
  const packed = new Packer().pack(value);
  return { value: packed, as: Object.is(packed, value) ? 'clone' : 'marked' };
}

export class Packer {
  /** What is being walked: a value that holds itself is left to the engine. */
  readonly #path = new Set<object>();

  /** The value itself when it holds nothing that the engine would lose. */
  pack(value: unknown, mayReplace = true): unknown {
    switch (typeof value) {
      case 'object':
        return value === null || this.#path.has(value) ? value : this.#within(value, mayReplace);
      case 'function':
      case 'symbol':
        return marked(typeof value as 'function' | 'symbol');
      default:
        return value;
    }
  }

  #within(value: object, mayReplace: boolean): unknown {
    this.#path.add(value);
    const packed = this.#object(value, mayReplace);
    this.#path.delete(value);
    return packed;
  }

  #object(value: object, mayReplace: boolean): unknown {
    if (Array.isArray(value)) return this.#list(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    const plain = prototype === Object.prototype || prototype === null;
    if (!plain) {
      if (value instanceof Uint8Array) return bytes(value);
      if (value instanceof Map) return this.#map(value);
      if (value instanceof Set) return this.#set(value);
      if (value instanceof Error) return packError(value, this);
      const name = valueClassOf(prototype);
      if (name !== undefined) return marked('class', this.members(value), name);
      if (isCloned(value)) return value;
      if (value instanceof Promise) return marked('promise');
      if (value instanceof WeakMap || value instanceof WeakSet) return marked('weak');
    }
    // As writers do: what an object says it is in JSON stands for it.
    if (mayReplace && 'toJSON' in value && typeof value.toJSON === 'function')
      return this.pack(value.toJSON(), false);
    if (!plain) return this.members(value);
    const members = this.#members(value as Record<string, unknown>);
    return Object.hasOwn(value, MARK) ? marked('escaped', Object.entries(members)) : members;
  }

  /** Own enumerable members, packed, as a new object. */
  members(value: object): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.pack(member)]));
  }

  // One pass each: only what holds something replaced is copied.
  #members(value: Record<string, unknown>): Record<string, unknown> {
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (isPrimitive(member)) continue;
      const packed = this.pack(member);
      if (packed === member) continue;
      copy ??= { ...value };
      Object.defineProperty(copy, key, { value: packed });
    }
    return copy ?? value;
  }

  #list(value: readonly unknown[]): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i += 1) {
      const item = value[i];
      if (isPrimitive(item)) continue;
      const packed = this.pack(item);
      if (packed === item) continue;
      copy ??= [...value];
      copy[i] = packed;
    }
    return copy ?? value;
  }

  #map(value: ReadonlyMap<unknown, unknown>): ReadonlyMap<unknown, unknown> {
    const entries = [...value].map(([key, member]) => [this.pack(key), this.pack(member)] as const);
    const same = [...value].every(
      ([key, member], i) => Object.is(entries[i]?.[0], key) && Object.is(entries[i]?.[1], member),
    );
    return same ? value : new Map(entries);
  }

  #set(value: ReadonlySet<unknown>): ReadonlySet<unknown> {
    const items = [...value].map((item) => this.pack(item));
    return [...value].every((item, i) => Object.is(items[i], item)) ? value : new Set(items);
  }
}

const isPrimitive = (value: unknown): boolean =>
  (typeof value !== 'object' || value === null) && typeof value !== 'function' && typeof value !== 'symbol';

/** A view is cloned with all of what it looks into: it takes along only its own part. */
function bytes(value: Uint8Array): Uint8Array | Marked {
  const own = value.byteLength === value.buffer.byteLength ? value : value.slice();
  return Buffer.isBuffer(value) ? marked('buffer', new Uint8Array(value)) : own;
}

const isCloned = (value: object): boolean =>
  value instanceof Date ||
  value instanceof RegExp ||
  value instanceof ArrayBuffer ||
  ArrayBuffer.isView(value) ||
  value instanceof String ||
  value instanceof Number ||
  value instanceof Boolean;
