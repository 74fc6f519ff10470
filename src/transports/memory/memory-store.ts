import type { Clock, ToolboxError } from '../../base/index.js';
import type { Coordination } from '../../coordination/index.js';
import type { Queue, QueueCounts } from '../../messaging/index.js';
import {
  type BatchOutcome,
  type Copy,
  type LeaseChange,
  leaseLost,
  type QueueStore,
  type ReceiveOptions,
  type SharedExchanges,
  type StoredMessage,
  type StoreMessage,
  type StoreTraits,
} from '../virtual/index.js';
import type { MemoryBroker } from './memory-hub.js';

export interface MemoryStoreOptions {
  readonly broker: MemoryBroker;
  readonly clock: Clock;
  readonly url: string;
  /** 0: messages are held until settled. */
  readonly leaseSeconds: number;
}

/** Long enough to cost nothing, short enough to be seen alive. */
const WAIT_S = 10;

/** The storage verbs over queues in memory. */
export class MemoryStore implements QueueStore {
  readonly url: string;
  readonly traits: StoreTraits;
  readonly shared: SharedExchanges;
  readonly coordination: Coordination;
  readonly #broker: MemoryBroker;
  readonly #clock: Clock;
  readonly #leaseSeconds: number;

  constructor({ broker, clock, url, leaseSeconds }: MemoryStoreOptions) {
    this.url = url;
    this.#broker = broker;
    this.#clock = clock;
    this.#leaseSeconds = leaseSeconds;
    this.coordination = broker.coordination(clock);
    this.traits = {
      maxBatch: 100,
      leased: leaseSeconds > 0,
      leaseCeilingSeconds: Number.POSITIVE_INFINITY,
      maxDelaySeconds: Number.MAX_SAFE_INTEGER,
      maxHeld: 10_000,
      shortWaitSeconds: 0.05,
      sendWindowMs: 0,
      ackWindowMs: 0,
      publishDeadlineMs: 0,
      besideEnvelope: [],
    };
    this.shared = {
      bindings: async (exchange) => broker.bindings(exchange),
      batchBytes: Number.POSITIVE_INFINITY,
      sendTogether: async (publishes) => publishes.map((copies) => this.#put(copies)),
      broadcast: async ({ exchange }, text) => {
        for (const queue of new Set(broker.bindings(exchange).map((binding) => binding.queue)))
          broker.queue(queue).put(text, 0);
      },
    };
  }

  async connect(): Promise<void> {}

  async ensureQueue(queue: Queue): Promise<void> {
    this.#broker.ensure(queue, this.#clock);
  }

  leaseOf(): number {
    return this.#leaseSeconds;
  }

  limitOf(): number {
    return Number.POSITIVE_INFINITY;
  }

  measure({ text }: StoreMessage): number {
    return text.length;
  }

  /** Every queue keeps the order of its messages. */
  laneOf(): string {
    return 'order';
  }

  async send(name: string, messages: readonly StoreMessage[]): Promise<BatchOutcome> {
    const queue = this.#broker.queue(name);
    for (const { text, delaySeconds } of messages) queue.put(text, delaySeconds ?? 0);
    return messages.map(() => undefined);
  }

  async receive(name: string, options: ReceiveOptions): Promise<readonly StoredMessage[]> {
    const queue = this.#broker.queue(name);
    const take = (): StoredMessage[] =>
      options.signal.aborted ? [] : queue.take(options.max, this.#leaseSeconds);
    const ready = take();
    if (ready.length > 0) return ready;
    await queue.wait(options.waitSeconds ?? WAIT_S, options.signal);
    return take();
  }

  async delete(name: string, receipts: readonly string[]): Promise<BatchOutcome> {
    const queue = this.#broker.queue(name);
    return receipts.map((receipt) =>
      queue.remove(receipt) ? undefined : leaseLost(name, 'its receipt holds nothing any more'),
    );
  }

  async extend(name: string, changes: readonly LeaseChange[]): Promise<BatchOutcome> {
    const queue = this.#broker.queue(name);
    return changes.map(({ receipt, seconds }) =>
      queue.extend(receipt, seconds) ? undefined : leaseLost(name, 'its receipt holds nothing any more'),
    );
  }

  async count(name: string): Promise<QueueCounts> {
    return { ...this.#broker.queue(name).counts, consumers: null };
  }

  async purge(name: string): Promise<number> {
    return this.#broker.queue(name).purge();
  }

  async deleteQueue(name: string): Promise<void> {
    this.#broker.delete(name);
  }

  async close(): Promise<void> {}

  /** All copies, or none. */
  #put(copies: readonly Copy[]): ToolboxError | undefined {
    const missing = copies.find(({ queue }) => !this.#broker.has(queue));
    if (missing !== undefined) return this.#broker.missing(missing.queue);
    for (const { queue, message } of copies) {
      this.#broker.queue(queue).put(message.text, message.delaySeconds ?? 0);
    }
    return undefined;
  }
}
