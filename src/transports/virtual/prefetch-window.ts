import type { Clock } from '../../base/index.js';

/** Milliseconds a poll waits for more room before it fetches with what there is. */
const GATHER_MS = 20;

interface Waiter {
  readonly idle: boolean;
  readonly resolve: (granted: number) => void;
  patient: boolean;
}

/**
 * How many deliveries may still be fetched, shared by the polls of several queues. A poll reserves room before
 * it asks the broker, so that what comes back always fits.
 */
export class PrefetchWindow {
  readonly #clock: Clock;
  readonly #maxBatch: number;
  readonly #unlimited: number;
  readonly #polls: number;
  #limit: number;
  #held = 0;
  #reserved = 0;
  #waiters: Waiter[] = [];
  #cancel: (() => void) | undefined;

  /** `limit` 0 stands for `unlimited`; `polls` is how many queues share the window. */
  constructor(clock: Clock, options: { limit: number; unlimited: number; maxBatch: number; polls: number }) {
    this.#clock = clock;
    this.#maxBatch = options.maxBatch;
    this.#unlimited = options.unlimited;
    this.#polls = options.polls;
    this.#limit = options.limit || options.unlimited;
  }

  /** Room that nobody has reserved. */
  get room(): number {
    return this.#limit - this.#held - this.#reserved;
  }

  /**
   * True when a poll that waits long could keep places from a queue that has work: few places for each queue, and
   * work going on.
   */
  get scarce(): boolean {
    if (this.#polls < 2 || this.#limit >= 4 * this.#polls) return false;
    return this.#limit < this.#polls || this.#held > 0;
  }

  setLimit(count: number): void {
    this.#limit = count || this.#unlimited;
    this.#grant();
  }

  /** Waits for room. An `idle` asker, who found nothing last time, takes no more than one place when room is short. */
  reserve(idle: boolean): Promise<number> {
    return new Promise((resolve) => {
      this.#waiters.push({ idle, resolve, patient: true });
      this.#grant();
    });
  }

  /** Ends a reservation of which `used` places are now held. */
  settle(reserved: number, used: number): void {
    this.#reserved -= reserved;
    this.#held += used;
    this.#grant();
  }

  /** A held delivery is done with. */
  free(): void {
    this.#held -= 1;
    this.#grant();
  }

  /** Sends everybody who waits away with nothing. */
  dismiss(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const { resolve } of this.#waiters.splice(0)) resolve(0);
  }

  #grant(): void {
    for (let waiter = this.#waiters[0]; waiter && this.room > 0; waiter = this.#waiters[0]) {
      const want = Math.min(this.#maxBatch, this.#limit - this.#reserved);
      if (this.room < want && this.#held > 0 && waiter.patient) {
        this.#cancel ??= this.#clock.after(GATHER_MS, () => this.#hurry());
        return;
      }
      this.#waiters.shift();
      const modest = waiter.idle && this.#polls > 1 && this.room < 2 * this.#maxBatch;
      const granted = modest ? 1 : Math.max(1, Math.min(want, this.room - this.#waiters.length));
      this.#reserved += granted;
      waiter.resolve(granted);
    }
  }

  #hurry(): void {
    this.#cancel = undefined;
    for (const waiter of this.#waiters) waiter.patient = false;
    this.#grant();
  }
}
