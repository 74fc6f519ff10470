import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { ConsumeOptions, Consumption, Queue } from '../../messaging/index.js';
import type { Lease, LeaseKeeper } from './lease-keeper.js';
import { Precedence } from './precedence.js';
import { PrefetchWindow } from './prefetch-window.js';
import { QueuePoller } from './queue-poller.js';
import type { QueueStore, StoredMessage, StoreTraits } from './queue-store.js';
import type { Settler } from './settler.js';
import { type Settlement, VirtualDelivery } from './virtual-delivery.js';

export interface ConsumptionParts {
  readonly store: QueueStore;
  readonly leases: LeaseKeeper;
  readonly settler: Settler;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly declare: (queue: Queue) => Promise<void>;
  /** Tells the store that nothing more is received. */
  readonly leave: () => Promise<void>;
}

/** Of a message that was settled when it came. */
const SETTLED: Settlement = { remove: async () => {}, giveBack: async () => {}, refuse: async () => {} };

/** Polls the queues of one consumer, every queue on its own, all within one prefetch. */
export class VirtualConsumption implements Consumption {
  readonly #parts: ConsumptionParts;
  readonly #options: ConsumeOptions;
  readonly #window: PrefetchWindow;
  readonly #stopping = new AbortController();
  readonly #down = new Set<string>();
  readonly #settlement: Settlement;
  readonly #done: Promise<unknown>;
  #fetching = new AbortController();
  #paused: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #lastAnswer: number;

  constructor(parts: ConsumptionParts, options: ConsumeOptions) {
    this.#parts = parts;
    this.#options = options;
    const { store, leases, clock, logger, declare, settler } = parts;
    this.#lastAnswer = clock.monotonic();
    this.#window = new PrefetchWindow(clock, {
      limit: options.noAck ? 0 : options.prefetch,
      unlimited: store.traits.maxHeld,
      maxBatch: store.traits.maxBatch,
      polls: options.queues.length,
    });
    // Room is free as soon as a delivery is settled, before the broker knows.
    this.#settlement = {
      remove: (lease) => {
        this.#window.free();
        return settler.remove(lease);
      },
      giveBack: (lease, message, delaySeconds) => {
        this.#window.free();
        return settler.giveBack(lease, message, delaySeconds);
      },
      refuse: (lease, message) => {
        this.#window.free();
        return settler.refuse(lease, message);
      },
    };
    const precedence = precedenceOf(
      options.queues.map(({ name }) => name),
      store.traits.queueOrder,
    );
    this.#stopping.signal.addEventListener('abort', () => precedence?.wake());
    const context = {
      store,
      clock,
      logger,
      declare,
      window: this.#window,
      precedence,
      stopping: this.#stopping.signal,
      expecting: (queue: string) =>
        leases.isGuarded
          ? { expecting: (receipts: readonly string[]) => leases.expect(queue, receipts) }
          : {},
      allowed: async () => this.#paused?.over,
      fetching: () => this.#fetching.signal,
      arrived: (queue: string, messages: readonly StoredMessage[], wanted: boolean) =>
        this.#arrived(queue, messages, wanted),
      answered: (queue: string) => this.#answered(queue),
      failed: (queue: string, error: unknown) => this.#failed(queue, error),
    };
    this.#done = Promise.all(options.queues.map((queue) => new QueuePoller(queue, context).run())).then(() =>
      parts.leave().catch((error: unknown) => {
        logger.debug({ error: messageOf(error) }, 'the broker was not told that a consumer left');
      }),
    );
  }

  /** While nothing may be fetched, for lack of room or because it is paused, the silence is our own: now. */
  get lastPoll(): number {
    return this.#paused || this.#window.room <= 0 ? this.#parts.clock.monotonic() : this.#lastAnswer;
  }

  consumes(queue: string): boolean {
    return this.#options.queues.some(({ name }) => name === queue);
  }

  setPrefetch(count: number): void {
    this.#window.setLimit(count);
  }

  pause(): void {
    if (this.#paused || this.#stopping.signal.aborted) return;
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#paused = { over, end };
    this.#fetching.abort();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#fetching = new AbortController();
    const { end } = this.#paused;
    this.#paused = undefined;
    end();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#fetching.abort();
    this.#window.dismiss();
    this.#paused?.end();
    await this.#done;
  }

  #arrived(queue: string, messages: readonly StoredMessage[], wanted: boolean): number {
    const { leases } = this.#parts;
    const stale: (readonly [StoredMessage, Lease])[] = [];
    // All are held before the first is delivered: its task may block the event loop at once.
    const held = messages.map(
      (stored) => [stored, leases.hold(queue, stored.receipt, stored.takenAt)] as const,
    );
    for (const [stored, lease] of held) {
      if (!wanted) this.#returnUnwanted(lease, stored);
      else if (leases.isStale(lease)) stale.push([stored, lease]);
      else this.#deliver(stored, lease);
    }
    if (stale.length > 0) void this.#deliverLate(queue, stale);
    return wanted && !this.#options.noAck ? messages.length : 0;
  }

  /** They may have lain unread while the event loop was blocked: those that somebody else has by now are not delivered. */
  async #deliverLate(queue: string, late: readonly (readonly [StoredMessage, Lease])[]): Promise<void> {
    await this.#parts.leases.confirm(
      queue,
      late.map(([, lease]) => lease),
    );
    for (const [stored, lease] of late) {
      const lost = lease.isLost;
      if (!lost && !this.#stopping.signal.aborted) {
        this.#deliver(stored, lease);
        continue;
      }
      if (!this.#options.noAck) this.#window.free();
      if (!lost) this.#returnUnwanted(lease, stored);
    }
  }

  #deliver(stored: StoredMessage, lease: Lease): void {
    if (this.#options.noAck) this.#removeUnasked(lease);
    const settlement = this.#options.noAck ? SETTLED : this.#settlement;
    const delivery = new VirtualDelivery(stored, lease, settlement);
    try {
      this.#options.onDelivery(delivery);
    } catch (error) {
      // The seam forbids it. The message stays held until close, the others go on.
      this.#parts.logger.error({ queue: lease.queue, error: messageOf(error) }, 'onDelivery threw');
    }
  }

  #removeUnasked(lease: Lease): void {
    this.#parts.settler.remove(lease).catch((error: unknown) => {
      this.#parts.logger.debug(
        { queue: lease.queue, error: messageOf(error) },
        'a message taken without acknowledgement may come again',
      );
    });
  }

  /** It came after pause or stop: others shall have it at once. */
  #returnUnwanted(lease: Lease, stored: StoredMessage): void {
    this.#parts.settler.giveBack(lease, stored, 0).catch((error: unknown) => {
      this.#parts.logger.warn(
        { queue: lease.queue, error: messageOf(error) },
        'a message that came after the stop waits for its lease to end',
      );
    });
  }

  #answered(queue: string): void {
    this.#lastAnswer = this.#parts.clock.monotonic();
    if (this.#down.delete(queue) && this.#down.size === 0) this.#options.onConnection?.({ kind: 'up' });
  }

  #failed(queue: string, cause: unknown): void {
    const first = this.#down.size === 0;
    if (!this.#down.has(queue)) {
      this.#parts.logger.warn({ queue, error: messageOf(cause) }, 'queue cannot be polled, trying again');
    }
    this.#down.add(queue);
    if (first) this.#options.onConnection?.({ kind: 'down', cause });
  }
}

function precedenceOf(queues: readonly string[], order: StoreTraits['queueOrder']): Precedence | undefined {
  if (order === 'priority') return new Precedence(queues);
  return order === 'sorted' ? new Precedence([...queues].sort()) : undefined;
}
