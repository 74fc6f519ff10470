/**
 * A Map for what comes and goes by the thousand. When a Map outgrows its table the engine makes another and leaves the old one
 * pointing to it: one that has grown old keeps alive all that the later ones held, until the next full collection, and young
 * collections then cost tens of times as much. Here tables hold keys and numbers only; values stand in places that are used again.
 */
export class ChurnMap<K, V> {
  readonly #places = new Map<K, number>();
  readonly #values: (V | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.size;
  }

  get(key: K): V | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#values[place];
  }

  set(key: K, value: V): void {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#free.pop() ?? this.#values.length;
      this.#places.set(key, place);
    }
    this.#values[place] = value;
  }

  /** False when it was not there. */
  delete(key: K): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    this.#places.delete(key);
    this.#values[place] = undefined;
    this.#free.push(place);
    return true;
  }

  /** Oldest first. */
  values(): V[] {
    return Array.from(this.#places.values(), (place) => this.#values[place] as V);
  }
}
