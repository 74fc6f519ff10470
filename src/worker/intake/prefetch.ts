import type { Consumption } from '../../messaging/index.js';

/**
 * How many unsettled messages the broker may give us: a fixed window for work, widened in steps by the messages that
 * only wait for their ETA, so that these (up to their own limit) take nothing away from work that is due.
 */
export class PrefetchWindow {
  #base: number;
  readonly #maxWaiting: number;
  #steps = 0;
  #waiting = 0;
  #owed = 0;
  #consumption: Consumption | undefined;

  /** `base` 0 means no limit. */
  constructor(base: number, maxWaiting: number) {
    this.#base = base;
    this.#maxWaiting = maxWaiting;
  }

  get size(): number {
    if (this.#base === 0) return 0;
    return Math.max(1, this.#base - this.#owed) + this.#base * this.#steps;
  }

  attach(consumption: Consumption | undefined): void {
    this.#consumption = consumption;
  }

  /** Told that there is more, or less, room for work. */
  resize(base: number): void {
    if (base === this.#base) return;
    this.#base = base;
    this.#steps = base === 0 ? 0 : Math.ceil(Math.min(this.#waiting, this.#maxWaiting) / base);
    this.#consumption?.setPrefetch(this.size);
  }

  /** Told how many messages fewer to take: slots are busy with runs whose messages the broker has back. */
  owe(count: number): void {
    const before = this.size;
    this.#owed = count;
    if (this.size !== before) this.#consumption?.setPrefetch(this.size);
  }

  /** Told how many messages wait for their time. */
  waiting(count: number): void {
    this.#waiting = count;
    if (this.#base === 0) return;
    const steps = Math.ceil(Math.min(count, this.#maxWaiting) / this.#base);
    // One step of slack on the way down spares the broker a change for every message at the edge.
    if (steps === this.#steps || (steps > 0 && steps === this.#steps - 1)) return;
    this.#steps = steps;
    this.#consumption?.setPrefetch(this.size);
  }
}
