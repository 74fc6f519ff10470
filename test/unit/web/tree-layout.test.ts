import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FamilyNode } from '../../../src/platform/views/index.js';
import { placeTree } from '../../../web/views/family/tree-layout.js';

const node = (id: string, parentId: string | null): FamilyNode => ({
  id,
  parentId,
  name: 'a.b',
  phase: 'queued',
  state: 'PENDING',
  size: 1,
  phases: {},
  created: '2026-01-01T00:00:00.000Z',
  started: null,
  done: null,
  retries: 0,
  isResult: false,
  critical: false,
});
const places = (family: readonly FamilyNode[]) =>
  placeTree(family).nodes.map(({ node: { id }, depth, row }) => `${id} ${depth} ${row}`);

it('stacks leaves and puts parents midway between their first and last child', () => {
  const family = [node('r', null), node('a', 'r'), node('b', 'r'), node('a1', 'a'), node('a2', 'a')];
  expect(places(family)).toEqual(['r 0 1.25', 'a 1 0.5', 'a1 2 0', 'a2 2 1', 'b 1 2']);
});

it('shows a task whose parent is not there, or is itself, as a root', () => {
  expect(places([node('x', 'gone'), node('y', 'y')])).toEqual(['x 0 0', 'y 0 1']);
});

it('places a chain as deep as it is long', () => {
  const chain = Array.from({ length: 20_000 }, (_, n) => node(String(n), n === 0 ? null : String(n - 1)));
  expect(placeTree(chain)).toMatchObject({ rows: 1, depth: 19_999 });
});

it('places every task of any tree once, no two in one place', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 60 }), (parents) => {
      const family = parents.map((parent, n) => node(String(n), n === 0 ? null : String(parent % n)));
      const placed = placeTree(family).nodes;
      expect(placed).toHaveLength(family.length);
      expect(new Set(placed.map(({ depth, row }) => `${depth} ${row}`)).size).toBe(family.length);
    }),
  );
});
