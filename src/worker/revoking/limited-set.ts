/** When something was added: wall clock, milliseconds. */
export type Stamped = readonly [item: string, at: number];

/** A set that keeps at most `limit` items, each for at most `maxAgeMs`. The oldest go first. */
export class LimitedSet {
  readonly #limit: number;
  readonly #maxAgeMs: number;
  readonly #items = new Map<string, number>();

  constructor(limit: number, maxAgeMs: number) {
    this.#limit = limit;
    this.#maxAgeMs = maxAgeMs;
  }

  get size(): number {
    return this.#items.size;
  }

  add(item: string, now: number, at = now): void {
    this.#items.delete(item);
    this.#items.set(item, at);
    for (const [oldest, since] of this.#items) {
      if (this.#items.size <= this.#limit && now - since <= this.#maxAgeMs) return;
      this.#items.delete(oldest);
    }
  }

  has(item: string): boolean {
    return this.#items.size > 0 && this.#items.has(item);
  }

  /** Oldest first. */
  entries(): readonly Stamped[] {
    return [...this.#items];
  }
}
