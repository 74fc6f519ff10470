import { type Clock, newId } from '../../base/index.js';
import type { StoredMessage } from '../virtual/index.js';

interface Entry {
  /** Order of arrival; a message given back returns to its place. */
  readonly order: number;
  readonly text: string;
  receiveCount: number;
  /** When it is to be seen again; undefined while it is held without a lease. */
  visibleAt: number | undefined;
}

/** One queue in memory: first in, first out, with delays and, where asked for, leases. */
export class MemoryQueue {
  readonly #clock: Clock;
  /** What can be handed out, by order. */
  readonly #ready: Entry[] = [];
  /** What cannot be yet: delayed messages, and those held under a lease, by receipt. */
  readonly #hidden = new Map<string, Entry>();
  readonly #waiting = new Set<() => void>();
  #next = 0;
  /** When the first of the hidden is due; nothing has to be looked at before. */
  #nextDue = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    this.#surface();
    return this.#ready.length;
  }

  get counts(): { readonly waiting: number; readonly held: number; readonly delayed: number } {
    const waiting = this.size;
    const held = [...this.#hidden.values()].filter(({ receiveCount }) => receiveCount > 0).length;
    return { waiting, held, delayed: this.#hidden.size - held };
  }

  put(text: string, delaySeconds: number): void {
    const entry: Entry = { order: this.#next, text, receiveCount: 0, visibleAt: undefined };
    this.#next += 1;
    if (delaySeconds > 0) this.#hide(newId(), entry, delaySeconds);
    else this.#show(entry);
  }

  /** Hands out up to `max` messages; held for `leaseSeconds`, or until they are removed or given back when that is 0. */
  take(max: number, leaseSeconds: number): StoredMessage[] {
    this.#surface();
    return this.#ready.splice(0, max).map((entry) => {
      const receipt = newId();
      entry.receiveCount += 1;
      this.#hide(receipt, entry, leaseSeconds > 0 ? leaseSeconds : undefined);
      return { receipt, text: entry.text, receiveCount: entry.receiveCount };
    });
  }

  /** False when the receipt holds nothing any more. */
  remove(receipt: string): boolean {
    this.#surface();
    return this.#hidden.delete(receipt);
  }

  /** Holds it for `seconds` from now; 0 gives it back. False when the receipt holds nothing any more. */
  extend(receipt: string, seconds: number): boolean {
    this.#surface();
    const entry = this.#hidden.get(receipt);
    if (!entry) return false;
    this.#hidden.delete(receipt);
    if (seconds > 0) this.#hide(receipt, entry, seconds);
    else this.#show(entry);
    return true;
  }

  /** Removes what waits, now or later; what is held stays. */
  purge(): number {
    const count = this.size;
    this.#ready.length = 0;
    for (const [receipt, entry] of this.#hidden) if (entry.receiveCount === 0) this.#hidden.delete(receipt);
    return count;
  }

  /** Resolves when there may be something to take, after `waitSeconds`, or when aborted. */
  async wait(waitSeconds: number, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const end = (): void => ended.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#waiting.add(end);
    if (signal.aborted) end();
    await this.#clock.sleep(waitSeconds * 1000, ended.signal).catch(() => undefined);
    this.#waiting.delete(end);
    signal.removeEventListener('abort', end);
  }

  #show(entry: Entry): void {
    let at = this.#ready.length;
    // Nearly always the last place; a message given back belongs near the front.
    if ((this.#ready[0]?.order ?? -1) > entry.order) at = 0;
    else while (at > 0 && (this.#ready[at - 1]?.order ?? 0) > entry.order) at -= 1;
    this.#ready.splice(at, 0, entry);
    for (const wake of this.#waiting) wake();
  }

  #hide(receipt: string, entry: Entry, seconds: number | undefined): void {
    entry.visibleAt = seconds === undefined ? undefined : this.#clock.monotonic() + seconds * 1000;
    this.#hidden.set(receipt, entry);
    if (entry.visibleAt !== undefined && entry.visibleAt < this.#nextDue) this.#arm(entry.visibleAt);
  }

  /** Shows whatever is due. */
  #surface(): void {
    const now = this.#clock.monotonic();
    if (now < this.#nextDue) return;
    let next = Number.POSITIVE_INFINITY;
    for (const [receipt, entry] of this.#hidden) {
      if (entry.visibleAt === undefined) continue;
      if (entry.visibleAt > now) next = Math.min(next, entry.visibleAt);
      else {
        this.#hidden.delete(receipt);
        this.#show(entry);
      }
    }
    this.#arm(next);
  }

  #arm(due: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#nextDue = due;
    if (due === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#clock.after(due - this.#clock.monotonic(), () => {
      // Timers may fire a fraction of a millisecond early: look all the same, what is not due yet arms the next one.
      this.#nextDue = Number.NEGATIVE_INFINITY;
      this.#surface();
    });
  }
}
