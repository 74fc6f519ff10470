/** The platform's alphabet for ids: nothing that can be read for something else. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Chance that comes out the same every time: a small generator (mulberry32) from a seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)] as T;
  }

  id(): string {
    return Array.from({ length: 24 }, () => this.pick([...ALPHABET])).join('');
  }
}
