/**
 * A Python tuple, for the places where Python tells it from a list: `exc_message` of a stored failure, keys of a
 * dict. Only writers know it: pickle writes a tuple, JSON an array. Readers give arrays for both.
 */
export class Tuple {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** `tuple('bad', 1)` is Python's `('bad', 1)`. */
export const tuple = (...items: readonly unknown[]): Tuple => new Tuple(items);
