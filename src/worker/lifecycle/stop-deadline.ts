import { type Clock, deferred } from '../../base/index.js';

/** A deadline that can be moved forward, never back. */
export class StopDeadline {
  readonly #clock: Clock;
  readonly #passed = deferred();
  #at = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the deadline has passed. */
  get passed(): Promise<void> {
    return this.#passed.promise;
  }

  /** At most `ms` milliseconds from now. */
  within(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (at >= this.#at) return;
    this.#at = at;
    this.#cancel?.();
    this.#cancel = this.#clock.after(ms, () => this.#passed.resolve());
  }

  cancel(): void {
    this.#cancel?.();
  }
}
