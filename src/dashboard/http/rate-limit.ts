import type { Clock } from '../../base/index.js';

/** Counts by key in fixed windows; forgets keys whose window is over. */
export class RateLimit {
  readonly #counts = new Map<string, { count: number; until: number }>();
  readonly #most: number;
  readonly #windowMs: number;
  readonly #clock: Clock;

  constructor(most: number, windowMs: number, clock: Clock) {
    this.#most = most;
    this.#windowMs = windowMs;
    this.#clock = clock;
  }

  /** Counts one more; 0 when that is within the limit, else seconds until it would be. */
  take(key: string): number {
    const entry = this.#entry(key);
    entry.count += 1;
    return entry.count > this.#most ? this.#seconds(entry.until) : 0;
  }

  /** What was taken last does not count. */
  giveBack(key: string): void {
    this.#entry(key).count -= 1;
  }

  #entry(key: string): { count: number; until: number } {
    const now = this.#clock.monotonic();
    const known = this.#counts.get(key);
    if (known !== undefined && known.until > now) return known;
    if (this.#counts.size >= MOST_KEYS) this.#sweep(now);
    const entry = { count: 0, until: now + this.#windowMs };
    this.#counts.set(key, entry);
    return entry;
  }

  #sweep(now: number): void {
    for (const [key, { until }] of this.#counts) if (until <= now) this.#counts.delete(key);
    // Flooded within one window: the oldest go.
    for (const key of this.#counts.keys()) {
      if (this.#counts.size < MOST_KEYS) break;
      this.#counts.delete(key);
    }
  }

  #seconds(until: number): number {
    return Math.max(1, Math.ceil((until - this.#clock.monotonic()) / 1000));
  }
}

const MOST_KEYS = 10_000;
