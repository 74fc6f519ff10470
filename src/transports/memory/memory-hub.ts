import { type Clock, ToolboxError } from '../../base/index.js';
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

/** Queues by name. */
export class MemoryBroker {
  readonly #name: string;
  readonly #queues = new Map<string, MemoryQueue>();

  constructor(name: string) {
    this.#name = name;
  }

  ensure(queue: string, clock: Clock): void {
    if (!this.#queues.has(queue)) this.#queues.set(queue, new MemoryQueue(clock));
  }

  /** Throws NOT_DECLARED when there is none. */
  queue(name: string): MemoryQueue {
    const queue = this.#queues.get(name);
    if (queue) return queue;
    throw new ToolboxError(
      'NOT_DECLARED',
      `queue "${name}" does not exist in memory://${this.#name}: declare it first`,
      { fields: { queue: name } },
    );
  }

  delete(queue: string): void {
    this.#queues.delete(queue);
  }
}
