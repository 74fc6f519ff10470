/** A logical clock (Lamport): orders what happens in different programs. It never goes back. */
export class LamportClock {
  #value = 0;

  get value(): number {
    return this.#value;
  }

  /** Before something is sent: the value to attach. */
  forward(): number {
    this.#value += 1;
    return this.#value;
  }

  /** After something was received with that value. Anything but a whole number counts as none. */
  adjust(other: unknown): number {
    const seen = Number.isSafeInteger(other) ? (other as number) : 0;
    this.#value = Math.max(this.#value, seen) + 1;
    return this.#value;
  }
}
