import type { DecodeBudget } from '../codec.js';
import { overBudget } from '../failures.js';
import { type Container, isContainer, LegacyText, type Measure, type Node } from './nodes.js';

/** Shared texts may add up to this many times the allowed input before the value counts as a bomb. */
const TEXT_EXPANSION = 16;

/**
 * Throws BUDGET_EXCEEDED when the value, written out in full, would be too large or too deep. A pickle of a hundred
 * bytes can share parts so that writing it out never ends: everything after us that walks the value is spared that.
 * A reference back to an enclosing container (a recursive value) counts as one value.
 */
export function checkMeasure(root: Node, budget: DecodeBudget): void {
  if (isContainer(root)) new Measurer(budget).visit(root, 1);
}

class Measurer {
  readonly #budget: DecodeBudget;
  readonly #open = new Set<Container>();

  constructor(budget: DecodeBudget) {
    this.#budget = budget;
  }

  visit(node: Container, depth: number): Measure {
    const known = node.measure;
    if (depth - 1 + (known?.height ?? 1) > this.#budget.maxDepth) {
      throw overBudget('pickle', 'maxDepth', this.#budget);
    }
    if (known) return known;
    let height = 0;
    let values = 1;
    let bytes = 0;
    this.#open.add(node);
    for (const part of parts(node)) {
      for (const child of part) {
        if (isContainer(child) && !this.#open.has(child)) {
          const inner = this.visit(child, depth + 1);
          height = Math.max(height, inner.height);
          values += inner.values;
          bytes += inner.bytes;
        } else {
          values += 1;
          bytes += typeof child === 'string' ? child.length : byteLength(child);
        }
      }
      if (values > this.#budget.maxNodes) throw overBudget('pickle', 'maxNodes', this.#budget);
      if (bytes > this.#budget.maxBytes * TEXT_EXPANSION)
        throw overBudget('pickle', 'maxBytes', this.#budget);
    }
    this.#open.delete(node);
    node.measure = { height: height + 1, values, bytes };
    return node.measure;
  }
}

function byteLength(node: Node): number {
  if (node instanceof Uint8Array) return node.length;
  return node instanceof LegacyText ? node.bytes.length : 0;
}

const NOTHING: readonly Node[] = [];

function parts(node: Container): readonly (readonly Node[])[] {
  switch (node.kind) {
    case 'global':
      return [];
    case 'dict':
      return [node.pairs];
    case 'call':
      return [
        [node.callee, node.kwargs, node.state],
        node.args,
        node.items ?? NOTHING,
        node.pairs ?? NOTHING,
      ];
    default:
      return [node.items];
  }
}
