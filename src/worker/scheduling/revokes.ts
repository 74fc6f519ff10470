import type { Clock } from '../../base/index.js';

/**
 * Revoked task ids: at most `limit`; above `minimum`, those older than `maxAgeMs` are forgotten (Celery keeps 50 000
 * ids for 10 800 s).
 */
export class Revokes {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #maxAgeMs: number;
  readonly #ids = new Map<string, number>();

  constructor(clock: Clock, limit = 50_000, maxAgeMs = 10_800_000) {
    this.#clock = clock;
    this.#limit = limit;
    this.#maxAgeMs = maxAgeMs;
  }

  get size(): number {
    return this.#ids.size;
  }

  add(id: string): void {
    const now = this.#clock.monotonic();
    this.#ids.delete(id);
    this.#ids.set(id, now);
    for (const [oldest, at] of this.#ids) {
      if (this.#ids.size <= this.#limit && now - at <= this.#maxAgeMs) return;
      this.#ids.delete(oldest);
    }
  }

  has(id: string): boolean {
    return this.#ids.size > 0 && this.#ids.has(id);
  }

  list(): readonly string[] {
    return [...this.#ids.keys()];
  }
}
