import type { Clock, ToolboxError } from '../../base/index.js';
import { asFailure } from './failures.js';
import type { BatchOutcome } from './queue-store.js';

export interface GathererOptions<Item> {
  readonly clock: Clock;
  readonly maxBatch: number;
  /** Milliseconds an item waits for company; 0 gathers what one turn of the event loop adds. */
  readonly windowMs: number;
  /** Calls under way at a time: what comes meanwhile gathers for the next. */
  readonly maxCalls: number;
  readonly run: (items: readonly Item[]) => Promise<BatchOutcome>;
  /** Most bytes of one batch, and the bytes of an item. */
  readonly maxBytes?: () => number;
  readonly sizeOf?: (item: Item) => number;
  /** Items of one lane never travel in two calls at a time. */
  readonly laneOf?: (item: Item) => string | undefined;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: (outcome: ToolboxError | undefined) => void;
}

/** Turns single calls into batches. */
export class Gatherer<Item> {
  readonly #options: GathererOptions<Item>;
  readonly #lanes = new Set<string>();
  #calls = 0;
  #hurried = false;
  /** Items that came since the last sending: those before wait for a call or a lane. */
  #fresh = 0;
  #waiting: Waiting<Item>[] = [];
  #cancel: (() => void) | undefined;

  constructor(options: GathererOptions<Item>) {
    this.#options = options;
  }

  /** Resolves with the item's own outcome once its batch was sent. Never rejects. */
  add(item: Item): Promise<ToolboxError | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ item, resolve });
      this.#fresh += 1;
      if (this.#fresh >= this.#options.maxBatch) this.#send();
      else this.#cancel ??= this.#schedule();
    });
  }

  /** Sends what waits; from now on nothing waits longer than a turn of the event loop. */
  hurry(): void {
    this.#hurried = true;
    this.#send();
  }

  #schedule(): () => void {
    const { clock, windowMs } = this.#options;
    if (windowMs > 0 && !this.#hurried) return clock.after(windowMs, () => this.#send());
    const handle = setImmediate(() => this.#send());
    return () => clearImmediate(handle);
  }

  #send(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#fresh = 0;
    while (this.#waiting.length > 0 && this.#calls < this.#options.maxCalls) {
      const batch = this.#compose();
      if (batch.length === 0) return;
      const lanes = new Set(batch.flatMap(({ item }) => this.#options.laneOf?.(item) ?? []));
      for (const lane of lanes) this.#lanes.add(lane);
      this.#calls += 1;
      void this.#run(batch).finally(() => {
        for (const lane of lanes) this.#lanes.delete(lane);
        this.#calls -= 1;
        if (this.#waiting.length >= this.#options.maxBatch) this.#send();
        else if (this.#waiting.length > 0) this.#cancel ??= this.#schedule();
      });
    }
  }

  #compose(): Waiting<Item>[] {
    const { maxBatch, maxBytes, sizeOf, laneOf } = this.#options;
    const batch: Waiting<Item>[] = [];
    const left: Waiting<Item>[] = [];
    const blocked = new Set(this.#lanes);
    let room = maxBytes?.() ?? Number.POSITIVE_INFINITY;
    let index = 0;
    for (; index < this.#waiting.length && batch.length < maxBatch; index += 1) {
      const waiting = this.#waiting[index] as Waiting<Item>;
      const size = sizeOf?.(waiting.item) ?? 0;
      const lane = laneOf?.(waiting.item);
      // The first always fits: whether it is too big was decided before.
      const fits = batch.length === 0 || size <= room;
      if (fits && !(lane !== undefined && blocked.has(lane))) {
        room -= size;
        batch.push(waiting);
      } else {
        if (lane !== undefined) blocked.add(lane);
        left.push(waiting);
      }
    }
    this.#waiting = left.concat(this.#waiting.slice(index));
    return batch;
  }

  async #run(batch: readonly Waiting<Item>[]): Promise<void> {
    let outcomes: BatchOutcome;
    try {
      outcomes = await this.#options.run(batch.map(({ item }) => item));
    } catch (error) {
      const failure = asFailure(error);
      outcomes = batch.map(() => failure);
    }
    for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index]);
  }
}
