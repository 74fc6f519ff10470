import { type Clock, ToolboxError } from '../../base/index.js';
import { type Coordination, MemoryCoordination } from '../../coordination/index.js';
import type { Queue } from '../../messaging/index.js';
import type { Binding } from '../virtual/index.js';
import { MemoryQueue } from './memory-queue.js';

/** The queues that transports of one program share. Whoever holds the hub holds the messages. */
export class MemoryHub {
  readonly #brokers = new Map<string, MemoryBroker>();

  /** The broker of that name, made when first asked for. */
  broker(name: string): MemoryBroker {
    const known = this.#brokers.get(name) ?? new MemoryBroker(name);
    this.#brokers.set(name, known);
    return known;
  }
}

/** Queues by name, and what is bound to each exchange. */
export class MemoryBroker {
  readonly #name: string;
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #bindings = new Map<string, Map<string, Binding>>();
  #coordination: Coordination | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  ensure({ name, exchange, routingKey }: Queue, clock: Clock): void {
    if (!this.#queues.has(name)) this.#queues.set(name, new MemoryQueue(clock));
    if (exchange.name === '') return;
    const bound = this.#bindings.get(exchange.name) ?? new Map<string, Binding>();
    bound.set(JSON.stringify([name, routingKey]), {
      queue: name,
      routingKey,
      topic: exchange.type === 'topic',
    });
    this.#bindings.set(exchange.name, bound);
  }

  coordination(clock: Clock): Coordination {
    this.#coordination ??= new MemoryCoordination(clock);
    return this.#coordination;
  }

  bindings(exchange: string): readonly Binding[] {
    return [...(this.#bindings.get(exchange)?.values() ?? [])];
  }

  has(queue: string): boolean {
    return this.#queues.has(queue);
  }

  /** Throws NOT_DECLARED when there is none. */
  queue(name: string): MemoryQueue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw this.missing(name);
  }

  missing(queue: string): ToolboxError {
    return new ToolboxError(
      'NOT_DECLARED',
      `queue "${queue}" does not exist in memory://${this.#name}: declare it first`,
      { fields: { queue } },
    );
  }

  delete(queue: string): void {
    this.#queues.delete(queue);
    for (const bound of this.#bindings.values()) {
      for (const [key, binding] of bound) if (binding.queue === queue) bound.delete(key);
    }
  }
}
