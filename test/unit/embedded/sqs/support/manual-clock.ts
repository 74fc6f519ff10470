import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../../../src/base/index.js';

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** Time that stands still until a test turns it. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, fn };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Lets time pass; what falls due is called in order, each at its own time. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.fn();
      await nextTurn();
    }
    this.#now = end;
  }

  /** Resolves when at least `count` timers wait: how a test knows that a long poll has begun. */
  async untilTimers(count: number): Promise<void> {
    while (this.#timers.size < count) await nextTurn();
  }
}
