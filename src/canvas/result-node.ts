import type { ResultTuple } from '../results/index.js';

/** The result of a signature that was given its ids: one task's, or a group's with its members'. */
export interface ResultNode {
  readonly id: string;
  /** Members of a group; null for a task. */
  readonly children: readonly ResultNode[] | null;
  /** The result of what runs before it. */
  parent: ResultNode | null;
}

export const taskNode = (id: string): ResultNode => ({ id, children: null, parent: null });

export const groupNode = (id: string, children: readonly ResultNode[]): ResultNode => ({
  id,
  children,
  parent: null,
});

/** Puts `before` in front of everything `node` comes after. */
export function putBefore(node: ResultNode, before: ResultNode): void {
  let first = node;
  while (first.parent !== null) first = first.parent;
  first.parent = before;
}

export function tupleOf({ id, children, parent }: ResultNode): ResultTuple {
  return [[id, parent === null ? null : tupleOf(parent)], children?.map(tupleOf) ?? null];
}

/** Reads a result tuple; undefined when it is none. A bare id counts as a task's. */
export function nodeOf(value: unknown): ResultNode | undefined {
  if (typeof value === 'string') return taskNode(value);
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [head, members] = value as [unknown, unknown];
  const [id, parent] = Array.isArray(head) ? (head as unknown[]) : [head, null];
  if (typeof id !== 'string') return undefined;
  const children = Array.isArray(members) ? members.map(nodeOf) : null;
  if (children?.some((child) => child === undefined) === true) return undefined;
  return { id, children: children as ResultNode[] | null, parent: nodeOf(parent) ?? null };
}

/** The ids of every task in a result, groups opened. */
export const leafIds = (node: ResultNode): string[] =>
  node.children === null ? [node.id] : node.children.flatMap(leafIds);
