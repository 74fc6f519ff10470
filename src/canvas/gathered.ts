import { setImmediate as endOfTurn } from 'node:timers/promises';

/** Does something for each key, one at a time: those who ask while it is being done share the next time. */
export class Gathered {
  readonly #work: (key: string) => Promise<void>;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(work: (key: string) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when it has been done after this call; rejects with what it threw then. */
  ask(key: string): Promise<void> {
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const before = this.#busy.get(key)?.catch(() => undefined) ?? endOfTurn();
    const next = before.then(() => this.#begin(key));
    this.#next.set(key, next);
    return next;
  }

  #begin(key: string): Promise<void> {
    this.#next.delete(key);
    const busy = this.#work(key).finally(() => {
      if (this.#busy.get(key) === busy) this.#busy.delete(key);
    });
    this.#busy.set(key, busy);
    return busy;
  }
}
