import { type Link, LinkedList } from './linked-list.js';

/** The first message sent with an id, remembered after it is gone. */
export interface Remembered {
  readonly key: string;
  readonly until: number;
  readonly seq: number;
  readonly messageId: string;
}

/** A repeated deduplication id counts as the same message for this long after the first. Source: SQS FIFO guide. */
export const DEDUPLICATION_MS = 300_000;

/** The deduplication ids a FIFO queue has seen in the last five minutes. */
export class Deduplication {
  readonly #byKey = new Map<string, Link<Remembered>>();
  readonly #byAge = new LinkedList<Remembered>();

  find(key: string, now: number): Remembered | undefined {
    this.#forget(now);
    return this.#byKey.get(key)?.value;
  }

  add(remembered: Remembered): void {
    const old = this.#byKey.get(remembered.key);
    if (old !== undefined) this.#byAge.remove(old);
    this.#byKey.set(remembered.key, this.#byAge.push(remembered));
  }

  *all(now: number): Iterable<Remembered> {
    this.#forget(now);
    for (const { value } of this.#byKey.values()) yield value;
  }

  #forget(now: number): void {
    for (let oldest = this.#byAge.first; oldest !== undefined; oldest = this.#byAge.first) {
      if (oldest.value.until > now) return;
      this.#byAge.remove(oldest);
      this.#byKey.delete(oldest.value.key);
    }
  }
}
