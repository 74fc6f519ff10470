import { type Deferred, deferred } from '../../base/index.js';

/** Counts what is under way; `whenZero` resolves when nothing is. */
export class Tally {
  #count = 0;
  #zero: Deferred<void> | undefined;

  get count(): number {
    return this.#count;
  }

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#zero?.resolve();
    this.#zero = undefined;
  }

  whenZero(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    this.#zero ??= deferred();
    return this.#zero.promise;
  }
}
