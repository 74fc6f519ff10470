import type { Clock } from '../base/index.js';
import type { Coordination, LockAnswer, TurnAnswer } from './coordination.js';

interface Held {
  readonly token: string;
  readonly until: number;
}

/** Locks and lines of one process. */
export class MemoryCoordination implements Coordination {
  readonly place = 'memory://';
  readonly #clock: Clock;
  readonly #locks = new Map<string, Held>();
  readonly #lines = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async acquire(lock: string, token: string, ttlMs: number): Promise<LockAnswer> {
    const now = this.#clock.monotonic();
    const held = this.#locks.get(lock);
    if (held !== undefined && held.token !== token && held.until > now) {
      return { held: false, holder: held.token, freeInMs: held.until - now };
    }
    this.#forgetOne(now);
    this.#locks.set(lock, { token, until: now + ttlMs });
    return { held: true };
  }

  async release(lock: string, token: string): Promise<boolean> {
    const held = this.#locks.get(lock);
    if (held?.token !== token) return false;
    this.#locks.delete(lock);
    return held.until > this.#clock.monotonic();
  }

  async turn(line: string, intervalMs: number, mostMs: number): Promise<TurnAnswer> {
    const now = this.#clock.monotonic();
    const start = Math.max(now, this.#lines.get(line) ?? now);
    const taken = start - now <= mostMs;
    if (taken) this.#lines.set(line, start + intervalMs);
    return { taken, waitMs: start - now };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Locks that nobody gave back are not kept for ever: the oldest is looked at whenever one is taken. */
  #forgetOne(now: number): void {
    const [oldest] = this.#locks;
    if (oldest !== undefined && oldest[1].until <= now) this.#locks.delete(oldest[0]);
  }
}
