import { backoffMs, type Clock, type ToolboxError } from '../../base/index.js';
import { isTransient } from './failures.js';
import { Gatherer, type GathererOptions } from './gatherer.js';
import type { Copy, LeaseChange, QueueStore, SharedExchanges, StoreMessage } from './queue-store.js';

/** Batch calls under way at a time, for each queue and verb. */
const MAX_CALLS = 8;
const RETRY = { baseMs: 100, maxMs: 5000 };

/** How long a failed entry is tried again. */
export interface Persistence {
  /** Monotonic milliseconds, asked anew before each attempt. */
  readonly until: () => number;
  /** Ends the waiting between attempts. */
  readonly signal: AbortSignal;
  /** Failures after which it is tried again. Default: those that are transient. */
  readonly mayHelp?: (failure: ToolboxError) => boolean;
}

/** A store's verbs for single messages: gathered into batches, each entry tried again by its own outcome. */
export class BatchedStore {
  readonly #store: QueueStore;
  readonly #clock: Clock;
  readonly #sends = new Map<string, Gatherer<StoreMessage>>();
  readonly #deletes = new Map<string, Gatherer<string>>();
  readonly #changes = new Map<string, Gatherer<LeaseChange>>();

  #together: Gatherer<readonly Copy[]> | undefined;
  #hurried = false;

  constructor(store: QueueStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  send(queue: string, message: StoreMessage, persistence: Persistence): Promise<void> {
    const store = this.#store;
    const gatherer = this.#of(this.#sends, queue, store.traits.sendWindowMs, {
      run: (messages) => store.send(queue, messages),
      maxBytes: () => store.limitOf(queue),
      sizeOf: (one) => store.measure(one),
      laneOf: (one) => store.laneOf(queue, one),
    });
    return this.#persist(() => gatherer.add(message), persistence);
  }

  /** Sends all copies of a message, or none. */
  sendTogether(shared: SharedExchanges, copies: readonly Copy[], persistence: Persistence): Promise<void> {
    const { maxBatch, sendWindowMs: windowMs } = this.#store.traits;
    const gatherer = (this.#together ??= new Gatherer({
      clock: this.#clock,
      maxBatch,
      maxCalls: MAX_CALLS,
      windowMs: this.#hurried ? 0 : windowMs,
      run: (publishes) => shared.sendTogether(publishes),
      maxBytes: () => shared.batchBytes,
      sizeOf: (all) => all.reduce((sum, { message }) => sum + this.#store.measure(message), 0),
    }));
    return this.#persist(() => gatherer.add(copies), persistence);
  }

  delete(queue: string, receipt: string, persistence: Persistence): Promise<void> {
    const gatherer = this.#of(this.#deletes, queue, this.#store.traits.ackWindowMs, {
      run: (receipts) => this.#store.delete(queue, receipts),
    });
    return this.#persist(() => gatherer.add(receipt), persistence);
  }

  /** Gives a message back, to be seen again after `seconds`. */
  release(queue: string, receipt: string, seconds: number, persistence: Persistence): Promise<void> {
    const gatherer = this.#of(this.#changes, queue, 0, {
      run: (changes) => this.#store.extend(queue, changes),
    });
    return this.#persist(() => gatherer.add({ receipt, seconds }), persistence);
  }

  /** From now on nothing waits for company. */
  hurry(): void {
    this.#hurried = true;
    this.#together?.hurry();
    for (const gatherers of [this.#sends, this.#deletes, this.#changes]) {
      for (const gatherer of gatherers.values()) gatherer.hurry();
    }
  }

  #of<Item>(
    gatherers: Map<string, Gatherer<Item>>,
    queue: string,
    windowMs: number,
    options: Pick<GathererOptions<Item>, 'run' | 'maxBytes' | 'sizeOf' | 'laneOf'>,
  ): Gatherer<Item> {
    const known = gatherers.get(queue);
    if (known) return known;
    const { maxBatch } = this.#store.traits;
    const made = new Gatherer({ clock: this.#clock, maxBatch, maxCalls: MAX_CALLS, windowMs, ...options });
    if (this.#hurried) made.hurry();
    gatherers.set(queue, made);
    return made;
  }

  async #persist(
    attempt: () => Promise<ToolboxError | undefined>,
    { until, signal, mayHelp = isTransient }: Persistence,
  ): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      const failure = await attempt();
      if (!failure) return;
      const wait = backoffMs(failures, RETRY);
      if (!mayHelp(failure) || signal.aborted || this.#clock.monotonic() + wait >= until()) throw failure;
      await this.#clock.sleep(wait, signal).catch(() => {
        throw failure;
      });
    }
  }
}
