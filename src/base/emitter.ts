type Listener<P> = (payload: P) => void | Promise<void>;

/**
 * Typed signals: one name, one payload type. `send` awaits listeners in order of connection; a listener that
 * throws is reported to `onError` and does not disturb the others (as Celery's `send_robust`).
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #onError: (error: unknown, signal: keyof Events) => void;

  constructor(onError: (error: unknown, signal: keyof Events) => void = () => {}) {
    this.#onError = onError;
  }

  /** Connects a listener, once however often it is connected; the returned function disconnects it. */
  on<K extends keyof Events>(signal: K, listener: Listener<Events[K]>): () => void {
    const set = this.#listeners.get(signal) ?? new Set();
    this.#listeners.set(signal, set);
    set.add(listener);
    return () => void set.delete(listener);
  }

  /** True when someone listens: lets hot paths skip building a payload. */
  has(signal: keyof Events): boolean {
    return (this.#listeners.get(signal)?.size ?? 0) > 0;
  }

  /** Calls every listener in turn. Never rejects. */
  async send<K extends keyof Events>(signal: K, payload: Events[K]): Promise<void> {
    // A copy: who is connected while the signal is under way hears the next one.
    for (const listener of [...(this.#listeners.get(signal) ?? [])]) {
      try {
        await (listener as Listener<Events[K]>)(payload);
      } catch (error) {
        this.#report(error, signal);
      }
    }
  }

  /** The same, for a signal whose listeners do a part of the work: rejects with the first error, and calls no further listener. */
  async demand<K extends keyof Events>(signal: K, payload: Events[K]): Promise<void> {
    for (const listener of [...(this.#listeners.get(signal) ?? [])])
      await (listener as Listener<Events[K]>)(payload);
  }

  #report(error: unknown, signal: keyof Events): void {
    try {
      this.#onError(error, signal);
    } catch {
      // The reporter itself failed: there is nobody left to tell.
    }
  }
}
