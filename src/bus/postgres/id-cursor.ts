import type { Clock } from '../../base/index.js';

/** Milliseconds a number that was passed over may still turn up: its transaction may end after a later one's. */
const GAP_MS = 5_000;
/** Most such numbers remembered. */
const MOST_GAPS = 1_000;

/**
 * Where a reader of a growing table stands. Numbers are given out in order but become visible when their transactions
 * end: those passed over are asked for again, for a while.
 */
export class IdCursor {
  readonly #clock: Clock;
  readonly #gaps = new Map<number, number>();
  #last: number;

  constructor(clock: Clock, last: number) {
    this.#clock = clock;
    this.#last = last;
  }

  /** The highest number seen. */
  get last(): number {
    return this.#last;
  }

  /** Numbers passed over. */
  get gaps(): readonly number[] {
    const now = this.#clock.monotonic();
    for (const [id, until] of this.#gaps) if (until <= now) this.#gaps.delete(id);
    return [...this.#gaps.keys()];
  }

  /** Told of a number that was read. */
  saw(id: number): void {
    if (this.#gaps.delete(id) || id <= this.#last) return;
    const until = this.#clock.monotonic() + GAP_MS;
    for (let missing = Math.max(this.#last + 1, id - MOST_GAPS); missing < id; missing += 1) {
      this.#gaps.set(missing, until);
    }
    this.#last = id;
  }
}
