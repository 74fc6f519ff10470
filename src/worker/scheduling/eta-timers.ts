import type { Clock } from '../../base/index.js';

/** Things that wait for a moment. Never early: a timer that fires before its time by the wall clock is set again. */
export class EtaTimers<T> {
  readonly #clock: Clock;
  readonly #waiting = new Map<T, () => void>();
  readonly #due = new Map<T, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Calls `onDue` once it is `dueMs` (wall clock), unless `item` is dropped first. */
  hold(item: T, dueMs: number, onDue: () => void): void {
    this.#due.set(item, dueMs);
    const arm = (): void => {
      const left = dueMs - this.#clock.now();
      if (left > 0) {
        this.#waiting.set(item, this.#clock.after(left, arm));
        return;
      }
      this.drop(item);
      onDue();
    };
    this.#waiting.set(item, this.#clock.after(Math.max(0, dueMs - this.#clock.now()), arm));
  }

  drop(item: T): boolean {
    this.#due.delete(item);
    this.#waiting.get(item)?.();
    return this.#waiting.delete(item);
  }

  /** What waits, with its moment (milliseconds, wall clock). */
  entries(): readonly (readonly [item: T, dueMs: number])[] {
    return [...this.#due];
  }

  /** Drops everything and returns it. */
  drain(): T[] {
    const items = [...this.#waiting.keys()];
    for (const item of items) this.drop(item);
    return items;
  }
}
