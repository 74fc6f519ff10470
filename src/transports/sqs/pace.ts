import type { Clock } from '../../base/index.js';

const FIRST_MS = 25;
const MAX_MS = 250;
/** Less than this is no gap any more. */
const NONE_MS = 10;

/**
 * The time between the starts of calls: none, until the service throttles us. Each refusal doubles it and each answer
 * takes a little off. What waits meanwhile gathers, so that the fewer calls carry more.
 */
export class Pace {
  readonly #clock: Clock;
  #gapMs = 0;
  #nextAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the next call may start. */
  async turn(): Promise<void> {
    if (this.#gapMs === 0) return;
    const now = this.#clock.monotonic();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + this.#gapMs;
    if (at > now) await this.#clock.sleep(at - now);
  }

  throttled(): void {
    this.#gapMs = Math.min(MAX_MS, Math.max(FIRST_MS, this.#gapMs * 2));
  }

  answered(): void {
    const gap = this.#gapMs * 0.9;
    this.#gapMs = gap < NONE_MS ? 0 : gap;
  }
}
