import type { DecodeBudget } from '../codec.js';
import { decodeFailed, overBudget } from '../failures.js';
import type { Container, Node } from './nodes.js';

/** Pushes and memo entries allowed for each value: keys, names of classes and arguments are pushed too. */
const PUSHES_PER_VALUE = 4;

/** The unpickler's stack with its marks, and its memo. Never reaches below a mark, as Python's does not. */
export class PickleStack {
  readonly #budget: DecodeBudget;
  readonly #nodes: Node[] = [];
  readonly #marks: number[] = [];
  /** Entries 0, 1, 2, ... as every real pickle has them; others in the map. */
  readonly #memo: Node[] = [];
  readonly #sparse = new Map<number, Node>();
  /** Where the last mark is: nothing below is reached. */
  #floor = 0;
  #pushes = 0;
  #containers = 0;

  constructor(budget: DecodeBudget) {
    this.#budget = budget;
  }

  push(node: Node): void {
    this.#count();
    this.#nodes.push(node);
  }

  /** Pushes a new container: these take memory, and count against the budget as values do. */
  add(container: Container): void {
    this.#containers += 1;
    if (this.#containers > this.#budget.maxNodes) throw overBudget('pickle', 'maxNodes', this.#budget);
    this.push(container);
  }

  pop(): Node {
    if (this.#nodes.length <= this.#floor) throw underflow();
    return this.#nodes.pop() ?? null;
  }

  top(): Node {
    if (this.#nodes.length <= this.#floor) throw underflow();
    return this.#nodes[this.#nodes.length - 1] ?? null;
  }

  mark(): void {
    this.#count();
    this.#marks.push(this.#floor);
    this.#floor = this.#nodes.length;
  }

  /** Takes everything above the last mark, and the mark. */
  popMark(): Node[] {
    const from = this.#floor;
    this.#dropMark();
    return this.#nodes.splice(from);
  }

  /** POP takes a mark when nothing lies above it. */
  discard(): void {
    if (this.#nodes.length === this.#floor) this.#dropMark();
    else this.#nodes.pop();
  }

  memoize(index = this.#memo.length + this.#sparse.size): void {
    this.#count();
    if (index === this.#memo.length) this.#memo.push(this.top());
    else if (index < this.#memo.length) this.#memo[index] = this.top();
    else this.#sparse.set(index, this.top());
  }

  recall(index: number): Node {
    const node = index < this.#memo.length ? this.#memo[index] : this.#sparse.get(index);
    if (node === undefined) throw decodeFailed('pickle', `memo entry ${index} is not there`);
    return node;
  }

  #dropMark(): void {
    const floor = this.#marks.pop();
    if (floor === undefined) throw decodeFailed('pickle', 'an opcode wants a mark that is not there');
    this.#floor = floor;
  }

  #count(): void {
    this.#pushes += 1;
    if (this.#pushes > this.#budget.maxNodes * PUSHES_PER_VALUE) {
      throw overBudget('pickle', 'maxNodes', this.#budget);
    }
  }
}

const underflow = (): Error => decodeFailed('pickle', 'an opcode wants a value that is not there');
