import { type Clock, silentLogger, systemClock } from '../../../../../src/base/index.js';
import type { Delivery, OutgoingMessage, Queue } from '../../../../../src/messaging/index.js';
import { MemoryHub } from '../../../../../src/transports/memory/memory-hub.js';
import { MemoryStore } from '../../../../../src/transports/memory/memory-store.js';
import {
  type BatchOutcome,
  type LeaseChange,
  type ReceiveOptions,
  type StoredMessage,
  type StoreMessage,
  type StoreTraits,
  VirtualTransport,
} from '../../../../../src/transports/virtual/index.js';

export interface Call {
  readonly verb: 'send' | 'receive' | 'delete' | 'extend' | 'ensure';
  readonly queue: string;
  readonly count: number;
}

/** What a test lets happen to a call: throw, or give outcomes for entries; undefined lets it pass. */
export type Trouble = (call: Call) => BatchOutcome | undefined | Promise<BatchOutcome | undefined>;

/** Queues in memory, whose calls are written down and can be made to fail. */
export class TroubledStore extends MemoryStore {
  readonly calls: Call[] = [];
  trouble: Trouble = () => undefined;
  /** Brings messages although nobody wants them any more, as a broker may. */
  stubborn = false;
  readonly #traits: Partial<StoreTraits>;

  constructor(clock: Clock, leaseSeconds: number, traits: Partial<StoreTraits> = {}) {
    super({ broker: new MemoryHub().broker(''), clock, url: 'memory://', leaseSeconds });
    this.#traits = traits;
    Object.defineProperty(this, 'traits', { value: { ...this.traits, ...this.#traits } });
    // A broker that knows queues alone: the client sends each its copy.
    Object.defineProperty(this, 'shared', { value: undefined });
  }

  of(verb: Call['verb']): Call[] {
    return this.calls.filter((call) => call.verb === verb);
  }

  override async ensureQueue(queue: Queue): Promise<void> {
    await this.#meet({ verb: 'ensure', queue: queue.name, count: 1 });
    await super.ensureQueue(queue);
  }

  override async send(queue: string, messages: readonly StoreMessage[]): Promise<BatchOutcome> {
    const met = await this.#meet({ verb: 'send', queue, count: messages.length });
    if (!met) return super.send(queue, messages);
    await super.send(
      queue,
      messages.filter((_, at) => !met[at]),
    );
    return met;
  }

  override async receive(queue: string, options: ReceiveOptions): Promise<readonly StoredMessage[]> {
    await this.#meet({ verb: 'receive', queue, count: options.max });
    const signal = this.stubborn ? new AbortController().signal : options.signal;
    return super.receive(queue, { ...options, signal });
  }

  override async delete(queue: string, receipts: readonly string[]): Promise<BatchOutcome> {
    const met = await this.#meet({ verb: 'delete', queue, count: receipts.length });
    return met ?? super.delete(queue, receipts);
  }

  override async extend(queue: string, changes: readonly LeaseChange[]): Promise<BatchOutcome> {
    const met = await this.#meet({ verb: 'extend', queue, count: changes.length });
    return met ?? super.extend(queue, changes);
  }

  async #meet(call: Call): Promise<BatchOutcome | undefined> {
    this.calls.push(call);
    return this.trouble(call);
  }
}

/** A transport over such a store. */
export function troubledTransport(
  options: { clock?: Clock; leaseSeconds?: number; traits?: Partial<StoreTraits> } = {},
): { store: TroubledStore; transport: VirtualTransport } {
  const { clock = systemClock, leaseSeconds = 0, traits } = options;
  const store = new TroubledStore(clock, leaseSeconds, traits);
  return { store, transport: new VirtualTransport(store, { clock, logger: silentLogger }) };
}

export const message = (value: unknown = 1): OutgoingMessage => ({
  body: Buffer.from(JSON.stringify(value)),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id: 'a' },
  properties: {},
});

/** The first `count` deliveries. */
export function collector(count: number): {
  onDelivery: (delivery: Delivery) => void;
  all: Promise<Delivery[]>;
} {
  const seen: Delivery[] = [];
  let done: (all: Delivery[]) => void = () => {};
  const all = new Promise<Delivery[]>((resolve) => {
    done = resolve;
  });
  return {
    all,
    onDelivery: (delivery) => {
      seen.push(delivery);
      if (seen.length === count) done(seen);
    },
  };
}
