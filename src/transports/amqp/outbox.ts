import type { OutgoingMessage, PublishOptions } from '../../messaging/index.js';
import { Outgoing } from './outgoing.js';

/** A message sent longer ago than so many timeouts is given up even while others are confirmed. */
const STUCK = 3;
const COMPACT_AT = 4_096;

/** The messages on their way: waiting in order, in flight in order, and those under suspicion. */
export class Outbox {
  readonly #window: number;
  #waiting: Outgoing[] = [];
  #next = 0;
  readonly #inFlight = new Set<Outgoing>();
  /** One of these made the broker close the channel: they go one by one until it is found. */
  readonly #suspects = new Set<Outgoing>();
  #unsettled = 0;
  #onEmpty: (() => void) | undefined;

  constructor(window: number) {
    this.#window = window;
  }

  /** Messages whose callers still wait. */
  get unsettled(): number {
    return this.#unsettled;
  }

  get hasWaiting(): boolean {
    return this.#next < this.#waiting.length;
  }

  add(message: OutgoingMessage, to: PublishOptions, now: number): Outgoing {
    const outgoing = new Outgoing(message, to, now, this.#settled);
    this.#unsettled += 1;
    this.#waiting.push(outgoing);
    return outgoing;
  }

  /** The next one that may be sent now; it is in flight from here on. */
  take(now: number): Outgoing | undefined {
    const window = this.#suspects.size > 0 ? 1 : this.#window;
    while (this.#inFlight.size < window && this.#next < this.#waiting.length) {
      const outgoing = this.#waiting[this.#next] as Outgoing;
      this.#next += 1;
      if (this.#next >= COMPACT_AT || this.#next === this.#waiting.length) this.#compact();
      if (outgoing.settled) continue;
      outgoing.sentAt = now;
      this.#inFlight.add(outgoing);
      return outgoing;
    }
    return undefined;
  }

  landed(outgoing: Outgoing): void {
    this.#inFlight.delete(outgoing);
  }

  /** The broker sent one back: the first in flight that looks like it. */
  markReturned(exchange: string, routingKey: string, correlationId: unknown, content: Buffer): void {
    for (const outgoing of this.#inFlight) {
      if (!outgoing.isLike(exchange, routingKey, correlationId, content)) continue;
      outgoing.returned = true;
      return;
    }
  }

  /** What was in flight goes again, first and in its old order. `accused` when the broker closed the channel over one. */
  takeBack(accused: boolean): Outgoing | undefined {
    const unconfirmed = [...this.#inFlight].filter((outgoing) => !outgoing.settled);
    this.#inFlight.clear();
    const [only] = unconfirmed;
    if (accused && only !== undefined && unconfirmed.length === 1) return only;
    for (const outgoing of unconfirmed) {
      outgoing.returned = false;
      if (accused) this.#suspects.add(outgoing);
    }
    this.#waiting = [...unconfirmed, ...this.#waiting.slice(this.#next)];
    this.#next = 0;
    return undefined;
  }

  /** Those that have waited for `timeoutMs`; `lastConfirm` is when the broker last confirmed anything. */
  overdue(now: number, timeoutMs: number, lastConfirm: number): Outgoing[] {
    const silent = now - lastConfirm >= timeoutMs;
    const late = [...this.#inFlight].filter(
      ({ since, sentAt }) => (silent && now - since >= timeoutMs) || now - sentAt >= STUCK * timeoutMs,
    );
    if (silent) {
      this.#compact();
      late.push(...this.#waiting.filter(({ since }) => now - since >= timeoutMs));
    }
    return late.filter((outgoing) => !outgoing.settled);
  }

  failAll(error: Error): void {
    for (const outgoing of this.#waiting.splice(0)) outgoing.fail(error);
    this.#next = 0;
    for (const outgoing of this.#inFlight) outgoing.fail(error);
  }

  /** Resolves when nobody waits any more. */
  empty(): Promise<void> {
    if (this.#unsettled === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#next);
    this.#next = 0;
  }

  readonly #settled = (outgoing: Outgoing): void => {
    this.#unsettled -= 1;
    this.#suspects.delete(outgoing);
    if (this.#unsettled === 0) this.#onEmpty?.();
  };
}
