import type { FamilyNode } from '../../../src/platform/views/index.js';

export interface PlacedNode {
  readonly node: FamilyNode;
  /** Steps from the root. */
  readonly depth: number;
  /** Lines from the top: leaves have whole numbers, a parent stands midway between its first and last child. */
  readonly row: number;
  readonly parent: PlacedNode | undefined;
}
export interface PlacedTree {
  readonly nodes: readonly PlacedNode[];
  readonly rows: number;
  readonly depth: number;
}

/**
 * Places a family left to right. Every task has one parent, so leaves can be stacked and parents centred on them: in one
 * pass, without crossings. Children stand in the order of the answer (failed branches first); a task whose parent is not
 * among them stands as a root.
 */
export function placeTree(family: readonly FamilyNode[]): PlacedTree {
  const known = new Set(family.map(({ id }) => id));
  const children = new Map<string | null, FamilyNode[]>();
  for (const node of family) {
    const parent =
      node.parentId !== null && known.has(node.parentId) && node.parentId !== node.id ? node.parentId : null;
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [node]);
    else list.push(node);
  }
  const rowOf = rowsOf(children);
  const nodes: PlacedNode[] = [];
  let deepest = 0;
  const walk: (readonly [FamilyNode, PlacedNode | undefined])[] = (children.get(null) ?? [])
    .map((node) => [node, undefined] as const)
    .reverse();
  for (let next = walk.pop(); next !== undefined; next = walk.pop()) {
    const [node, parent] = next;
    const placed = {
      node,
      parent,
      depth: parent === undefined ? 0 : parent.depth + 1,
      row: rowOf.rows.get(node.id) ?? 0,
    };
    deepest = Math.max(deepest, placed.depth);
    nodes.push(placed);
    for (const child of [...(children.get(node.id) ?? [])].reverse()) walk.push([child, placed]);
  }
  return { nodes, rows: rowOf.leaves, depth: deepest };
}

/** Post-order without recursion: a chain of ten thousand tasks is as deep as it is long. */
function rowsOf(children: ReadonlyMap<string | null, readonly FamilyNode[]>): {
  rows: Map<string, number>;
  leaves: number;
} {
  const rows = new Map<string, number>();
  let leaves = 0;
  const stack = [...(children.get(null) ?? [])].reverse().map((node) => ({ node, opened: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const below = children.get(top.node.id) ?? [];
    if (below.length === 0) rows.set(top.node.id, leaves++);
    else if (!top.opened) {
      stack.push({ node: top.node, opened: true });
      for (const child of [...below].reverse()) stack.push({ node: child, opened: false });
    } else {
      const first = rows.get(below[0]?.id ?? '') ?? 0;
      const last = rows.get(below.at(-1)?.id ?? '') ?? 0;
      rows.set(top.node.id, (first + last) / 2);
    }
  }
  return { rows, leaves };
}
