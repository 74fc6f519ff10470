export interface Due {
  /** When it is due, milliseconds since 1970. */
  readonly visibleAt: number;
  /** Order among those due at the same time. */
  readonly seq: number;
  /** Its place in the heap, kept by the heap; -1 outside. */
  heapIndex: number;
}

/**
 * The things that become due, soonest first. Each knows its place, so one leaves in O(log n): without that, every
 * message deleted in time would stay here until its lease would have ended.
 */
export class DueHeap<T extends Due> {
  readonly #items: T[] = [];

  get soonest(): T | undefined {
    return this.#items[0];
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  remove(item: T): void {
    const index = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    const parent = this.#items[(index - 1) >> 1];
    if (index > 0 && parent !== undefined && isSooner(last, parent)) this.#rise(last, index);
    else this.#sink(last, index);
  }

  #rise(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || !isSooner(item, parent)) break;
      this.#put(parent, index);
      index = above;
    }
    this.#put(item, index);
  }

  #sink(item: T, from: number): void {
    let index = from;
    for (;;) {
      let below = 2 * index + 1;
      let child = this.#items[below];
      const right = this.#items[below + 1];
      if (child === undefined) break;
      if (right !== undefined && isSooner(right, child)) {
        child = right;
        below += 1;
      }
      if (!isSooner(child, item)) break;
      this.#put(child, index);
      index = below;
    }
    this.#put(item, index);
  }

  #put(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}

const isSooner = (a: Due, b: Due): boolean =>
  a.visibleAt === b.visibleAt ? a.seq < b.seq : a.visibleAt < b.visibleAt;
