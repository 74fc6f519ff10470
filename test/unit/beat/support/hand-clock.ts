import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../../src/base/index.js';

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

/** Time turned by hand; the wall clock can be set without time passing. */
export class HandClock implements Clock {
  readonly #timers = new Set<Timer>();
  #passed = 0;
  #wall: number;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#wall = start;
  }

  now(): number {
    return this.#wall + this.#passed;
  }

  monotonic(): number {
    return this.#passed;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#passed + ms, fn };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const cancel = this.after(ms, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason as Error);
      });
    });
  }

  /** Sets the wall clock forward or back. */
  set(ms: number): void {
    this.#wall += ms;
  }

  /** Lets time pass, and whoever waits for it do its work. */
  async pass(ms: number): Promise<void> {
    const end = this.#passed + ms;
    await settle();
    for (;;) {
      const [due] = [...this.#timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#passed = Math.max(this.#passed, due.at);
      due.fn();
      await settle();
    }
    this.#passed = end;
  }
}

/** Everything that waits for no time is done. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}
