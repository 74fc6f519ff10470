/** Something made at the first call and shared by all; a failed attempt is forgotten, so that the next call tries again. */
export class Once<T> {
  #made: Promise<T> | undefined;

  /** The value, made by `make` when nobody has made it yet. Calls while it is being made share the attempt. */
  get(make: () => Promise<T>): Promise<T> {
    if (this.#made === undefined) {
      const attempt = make();
      this.#made = attempt;
      attempt.catch(() => {
        if (this.#made === attempt) this.#made = undefined;
      });
    }
    return this.#made;
  }

  /** Forgets the value and hands it over, made or being made. */
  take(): Promise<T> | undefined {
    const made = this.#made;
    this.#made = undefined;
    return made;
  }
}

/** Waits for `promise` until `signal` aborts; what is waited for goes on. */
export async function waitFor<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
  }
}
