import { ToolboxError } from '../../base/index.js';
import { type Destination, type Exchange, type Queue, topicMatches } from '../../messaging/index.js';
import type { Binding } from './queue-store.js';

/** The queues a message goes to: copies for taps first, then those that do the work. */
export interface Route {
  readonly taps: readonly string[];
  readonly work: readonly string[];
}

interface Entry {
  readonly exchange: Exchange;
  readonly bindings: Map<string, Queue>;
}

/** Exchanges and bindings of brokers that know only queues. They live as long as the transport does. */
export class ExchangeTable {
  readonly #entries = new Map<string, Entry>();

  /** Adds a queue's exchange and binding. Throws BROKER_REFUSED when the exchange is known with another type. */
  declare(queue: Queue): void {
    const { name, exchange, routingKey } = queue;
    this.declareExchange(exchange)?.bindings.set(JSON.stringify([name, routingKey]), queue);
  }

  /** Undefined for the anonymous exchange, which has no bindings. Throws BROKER_REFUSED as `declare` does. */
  declareExchange(exchange: Exchange): Entry | undefined {
    if (exchange.name === '') return undefined;
    const entry = this.#entries.get(exchange.name) ?? { exchange, bindings: new Map() };
    this.#entries.set(exchange.name, entry);
    refuseDifference(entry.exchange, exchange);
    return entry;
  }

  /** Removes every binding of the queue. */
  forget(queue: string): void {
    for (const { bindings } of this.#entries.values()) {
      for (const [key, bound] of bindings) if (bound.name === queue) bindings.delete(key);
    }
  }

  /** The type an exchange was declared with here. */
  typeOf(exchange: string): Exchange['type'] | undefined {
    return this.#entries.get(exchange)?.exchange.type;
  }

  /**
   * `others` are the bindings that the broker knows of the exchange, ours among them. Throws NOT_DECLARED for an unknown
   * exchange, UNROUTABLE when no queue but taps would take the message.
   */
  route({ exchange, routingKey }: Destination, others: readonly Binding[] = []): Route {
    if (exchange === '') return { taps: [], work: [routingKey] };
    const entry = this.#entries.get(exchange);
    if (!entry && others.length === 0) {
      throw new ToolboxError(
        'NOT_DECLARED',
        `exchange "${exchange}" is not declared here: declare a queue bound to it before publishing`,
        { fields: { exchange, routingKey } },
      );
    }
    const taps = new Set<string>();
    const work = new Set<string>();
    const ours = [...(entry?.bindings.values() ?? [])];
    for (const { name, tap, routingKey: key } of ours) {
      if (entry && matches(entry.exchange.type, key, routingKey)) (tap ? taps : work).add(name);
    }
    for (const { queue, routingKey: key, topic } of others) {
      if (!matches(topic ? 'topic' : 'direct', key, routingKey)) continue;
      const known = ours.find(({ name }) => name === queue);
      (known?.tap ? taps : work).add(queue);
    }
    if (work.size === 0) {
      const tapped = new Set(ours.filter(({ tap }) => tap).map(({ name }) => name));
      const keys = [
        ...ours,
        ...others.map(({ queue, routingKey: key }) => ({ name: queue, routingKey: key })),
      ]
        .filter(({ name }) => !tapped.has(name))
        .map(({ routingKey: key }) => `"${key}"`);
      throw unroutable(exchange, routingKey, taps.size, [...new Set(keys)]);
    }
    for (const name of work) taps.delete(name);
    return { taps: [...taps], work: [...work] };
  }
}

function matches(type: Exchange['type'], bindingKey: string, routingKey: string): boolean {
  if (type === 'fanout') return true;
  return type === 'topic' ? topicMatches(bindingKey, routingKey) : bindingKey === routingKey;
}

function refuseDifference(known: Exchange, wanted: Exchange): void {
  for (const [key, before, now] of [
    ['type', known.type, wanted.type],
    ['durable', known.durable ?? true, wanted.durable ?? true],
  ]) {
    if (before === now) continue;
    throw new ToolboxError(
      'BROKER_REFUSED',
      `exchange "${known.name}" is declared with ${key} ${before}, not ${now}: use one declaration everywhere`,
      { fields: { exchange: known.name, [String(key)]: now } },
    );
  }
}

function unroutable(
  exchange: string,
  routingKey: string,
  taps: number,
  keys: readonly string[],
): ToolboxError {
  return new ToolboxError(
    'UNROUTABLE',
    `no queue of exchange "${exchange}" takes routing key "${routingKey}"` +
      `${taps > 0 ? ', only taps would' : ''}; bound are ${keys.slice(0, 20).join(', ') || 'none'}`,
    { fields: { exchange, routingKey } },
  );
}
