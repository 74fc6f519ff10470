import { ToolboxError } from '../../base/index.js';
import { type Destination, type Exchange, type Queue, topicMatches } from '../../messaging/index.js';

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
    const { exchange, routingKey } = queue;
    if (exchange.name === '') return;
    let entry = this.#entries.get(exchange.name);
    if (!entry) {
      entry = { exchange, bindings: new Map() };
      this.#entries.set(exchange.name, entry);
    }
    refuseDifference(entry.exchange, exchange);
    entry.bindings.set(JSON.stringify([queue.name, routingKey]), queue);
  }

  /** Removes every binding of the queue. */
  forget(queue: string): void {
    for (const { bindings } of this.#entries.values()) {
      for (const [key, bound] of bindings) if (bound.name === queue) bindings.delete(key);
    }
  }

  /** Throws NOT_DECLARED for an unknown exchange, UNROUTABLE when no queue but taps would take the message. */
  route({ exchange, routingKey }: Destination): Route {
    if (exchange === '') return { taps: [], work: [routingKey] };
    const entry = this.#entries.get(exchange);
    if (!entry) {
      throw new ToolboxError(
        'NOT_DECLARED',
        `exchange "${exchange}" is not declared here: declare a queue bound to it before publishing`,
        { fields: { exchange, routingKey } },
      );
    }
    const taps = new Set<string>();
    const work = new Set<string>();
    for (const queue of entry.bindings.values()) {
      if (matches(entry.exchange, queue.routingKey, routingKey)) (queue.tap ? taps : work).add(queue.name);
    }
    if (work.size === 0) throw unroutable(entry, routingKey, taps.size);
    for (const name of work) taps.delete(name);
    return { taps: [...taps], work: [...work] };
  }
}

function matches(exchange: Exchange, bindingKey: string, routingKey: string): boolean {
  if (exchange.type === 'fanout') return true;
  return exchange.type === 'topic' ? topicMatches(bindingKey, routingKey) : bindingKey === routingKey;
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

function unroutable(entry: Entry, routingKey: string, taps: number): ToolboxError {
  const keys = [...entry.bindings.values()]
    .filter((queue) => !queue.tap)
    .map((queue) => `"${queue.routingKey}"`);
  return new ToolboxError(
    'UNROUTABLE',
    `no queue of exchange "${entry.exchange.name}" takes routing key "${routingKey}"` +
      `${taps > 0 ? ', only taps would' : ''}; bound are ${keys.slice(0, 20).join(', ') || 'none'}`,
    { fields: { exchange: entry.exchange.name, routingKey } },
  );
}
