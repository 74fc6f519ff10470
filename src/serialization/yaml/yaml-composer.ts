import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { DecodeBudget } from '../codec.js';
import { decodeFailed, overBudget } from '../failures.js';
import { mappingValue, type Pair, pairsOf } from './mapping-value.js';
import { resolvePlain } from './resolve-scalar.js';
import { scalarOfTag, shortTag } from './tagged-scalar.js';

type Node = Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP | typeof EVENT_ID.ALIAS }>;

/** What an anchor names: its value, and how many values it counts for wherever it is repeated. */
interface Anchored {
  readonly value: unknown;
  readonly size: number;
}

/**
 * Makes values of a document's events. Aliases give the very same value again, as in Python, and count each time: those
 * who walk the value later walk it as often.
 */
export class YamlComposer {
  readonly #source: string;
  readonly #events: readonly Event[];
  readonly #budget: DecodeBudget;
  /** Undefined while the value is being read. */
  readonly #anchors = new Map<string, Anchored | undefined>();
  #at = 0;
  #values = 0;

  constructor(source: string, events: readonly Event[], budget: DecodeBudget) {
    this.#source = source;
    this.#events = events;
    this.#budget = budget;
  }

  document(): unknown {
    if (this.#events.length === 0) return null;
    this.#next();
    const value = this.#isEnd() ? null : this.#value();
    this.#next();
    if (this.#at < this.#events.length) throw decodeFailed('yaml', 'it holds more than one document');
    return value;
  }

  #value(): unknown {
    const event = this.#next();
    if (event.type === EVENT_ID.ALIAS) return this.#alias(this.#slice(event.anchorStart, event.anchorEnd));
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP)
      throw decodeFailed('yaml', 'a value is missing');
    const anchor = this.#slice(event.anchorStart, event.anchorEnd);
    const before = this.#values;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    this.#count(1);
    const value = this.#node(event, this.#slice(event.tagStart, event.tagEnd));
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#values - before });
    return value;
  }

  #node(event: Node, tag: string | undefined): unknown {
    if (event.type === EVENT_ID.SEQUENCE) return this.#sequence(shortTag(tag ?? '!!seq'));
    if (event.type === EVENT_ID.MAPPING) return this.#mapping(shortTag(tag ?? '!!map'));
    const text = getScalarValue(this.#source, event);
    if (tag !== undefined) return scalarOfTag(shortTag(tag), text);
    return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
  }

  #sequence(tag: string): unknown {
    const items: unknown[] = [];
    while (!this.#isEnd()) items.push(this.#value());
    this.#next();
    if (tag === 'seq') return items;
    if (tag === 'omap' || tag === 'pairs') return pairsOf(items);
    throw decodeFailed('yaml', 'a list with a tag that is not one of YAML’s own');
  }

  #mapping(tag: string): unknown {
    const merged: Pair[] = [];
    const own: Pair[] = [];
    while (!this.#isEnd()) {
      const merges = this.#isMergeKey();
      const key = this.#value();
      const value = this.#value();
      if (merges) merged.push(...this.#mergedPairs(value));
      else own.push([key, value]);
    }
    this.#next();
    return mappingValue(tag, [...merged, ...own]);
  }

  /** A bare `<<`: the members of another mapping, or of several, of which the first wins. */
  #isMergeKey(): boolean {
    const event = this.#events[this.#at];
    return (
      event?.type === EVENT_ID.SCALAR &&
      event.style === SCALAR_STYLE.PLAIN &&
      event.tagStart === event.tagEnd &&
      getScalarValue(this.#source, event) === '<<'
    );
  }

  #mergedPairs(value: unknown): Pair[] {
    const all: unknown[] = Array.isArray(value) ? value.toReversed() : [value];
    return all.flatMap((one) => {
      if (one === null || typeof one !== 'object' || Array.isArray(one) || ArrayBuffer.isView(one))
        throw decodeFailed('yaml', 'only mappings can be merged');
      const pairs: Pair[] = one instanceof Map ? [...one] : Object.entries(one);
      // Copies of the members, however short the alias.
      this.#count(pairs.length);
      return pairs;
    });
  }

  #alias(name: string | undefined): unknown {
    if (name === undefined || !this.#anchors.has(name))
      throw decodeFailed('yaml', 'an alias of an anchor that is not there');
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) throw decodeFailed('yaml', 'a value that contains itself');
    this.#count(anchored.size);
    return anchored.value;
  }

  #count(values: number): void {
    this.#values += values;
    if (this.#values > this.#budget.maxNodes) throw overBudget('yaml', 'maxNodes', this.#budget);
  }

  #slice(start: number, end: number): string | undefined {
    return end > start ? this.#source.slice(start, end) : undefined;
  }

  #isEnd(): boolean {
    return this.#events[this.#at]?.type === EVENT_ID.POP;
  }

  #next(): Event {
    const event = this.#events[this.#at];
    if (event === undefined) throw decodeFailed('yaml', 'it ends too early');
    this.#at += 1;
    return event;
  }
}
