import { overall } from '../tracking/family.js';
import type { FamilyNode, Phase } from '../views/index.js';
import type { GraphMember } from './graph-member.js';

interface Group {
  readonly first: GraphMember;
  readonly members: GraphMember[];
  readonly children: Map<string, Group>;
  failed: boolean;
}

/**
 * The nodes of a family, parents before children and branches with a failure first. `collapsed`: siblings of one name are one
 * node, and so are their children of one name.
 */
export function gathered(
  members: readonly GraphMember[],
  critical: ReadonlySet<string>,
  collapsed: boolean,
): FamilyNode[] {
  const groups = grouped(members, collapsed);
  const nodes: FamilyNode[] = [];
  // Without recursion: a chain of ten thousand is as deep.
  const waiting = ordered(groups.values()).map((group) => ({ group, parentId: null as string | null }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = nodeOf(next.group, next.parentId, critical);
    nodes.push(node);
    for (const child of ordered(next.group.children.values()))
      waiting.push({ group: child, parentId: node.id });
  }
  return nodes;
}

/** The top groups. A parent that is not of the family, or a circle, makes a top one. */
function grouped(members: readonly GraphMember[], collapsed: boolean): Map<string, Group> {
  const byId = new Map(members.map((member) => [member.taskId, member]));
  const top = new Map<string, Group>();
  const placed = new Map<string, Group>();
  for (const member of members) {
    for (const each of unplaced(member, byId, placed)) {
      const above = each.parentId === null ? undefined : placed.get(each.parentId);
      const siblings = above?.children ?? top;
      const key = collapsed ? each.type : each.taskId;
      const group: Group = siblings.get(key) ?? {
        first: each,
        members: [],
        children: new Map(),
        failed: false,
      };
      siblings.set(key, group);
      group.members.push(each);
      placed.set(each.taskId, group);
    }
  }
  markFailed(members, byId, placed);
  return top;
}

/** The member and those above it that have no place yet, topmost first. */
function unplaced(
  member: GraphMember,
  byId: ReadonlyMap<string, GraphMember>,
  placed: ReadonlyMap<string, Group>,
): readonly GraphMember[] {
  const chain = new Set<GraphMember>();
  for (
    let at: GraphMember | undefined = member;
    at !== undefined && !placed.has(at.taskId) && !chain.has(at);
    at = at.parentId === null ? undefined : byId.get(at.parentId)
  ) {
    chain.add(at);
  }
  return [...chain].reverse();
}

/** A branch failed when something in it did. */
function markFailed(
  members: readonly GraphMember[],
  byId: ReadonlyMap<string, GraphMember>,
  placed: ReadonlyMap<string, Group>,
): void {
  for (const member of members) {
    if (member.phase !== 'failed') continue;
    let at: GraphMember | undefined = member;
    for (let group = placed.get(member.taskId); group !== undefined && !group.failed; ) {
      group.failed = true;
      at = byId.get(at?.parentId ?? '');
      group = at === undefined ? undefined : placed.get(at.taskId);
    }
  }
}

/** Last first, as a stack wants it. */
const ordered = (groups: Iterable<Group>): Group[] =>
  [...groups].sort((a, b) => Number(a.failed) - Number(b.failed) || firstOf(b) - firstOf(a));

const firstOf = ({ first }: Group): number => first.created.getTime();

function nodeOf(
  { first, members }: Group,
  parentId: string | null,
  critical: ReadonlySet<string>,
): FamilyNode {
  const shown = members.find(({ phase }) => phase === 'failed') ?? first;
  const phases: Partial<Record<Phase, number>> = {};
  for (const { phase } of members) phases[phase] = (phases[phase] ?? 0) + 1;
  const ended = members.every(({ done }) => done !== null);
  return {
    id: shown.taskId,
    name: shown.type,
    parentId,
    phase: phaseOf(phases, shown.phase),
    state: overall(members.map(({ status }) => status)),
    size: members.length,
    phases,
    created: first.created.toISOString(),
    started: extreme(
      members.map(({ started }) => started),
      Math.min,
    ),
    done: ended
      ? extreme(
          members.map(({ done }) => done),
          Math.max,
        )
      : null,
    retries: members.reduce((sum, { retries }) => sum + Math.trunc(retries), 0),
    isResult: members.some(({ isResult }) => isResult),
    critical: members.some(({ taskId }) => critical.has(taskId)),
  };
}

/** Of many: failed when one is, else what has not ended, as long as something has not. */
const ORDER: readonly Phase[] = [
  'failed',
  'lost',
  'unknown',
  'running',
  'retrying',
  'queued',
  'scheduled',
  'other',
  'revoked',
];
const phaseOf = (phases: Partial<Record<Phase, number>>, only: Phase): Phase =>
  Object.keys(phases).length === 1 ? only : (ORDER.find((phase) => phases[phase] !== undefined) ?? only);

function extreme(moments: readonly (Date | null)[], pick: (a: number, b: number) => number): string | null {
  const known = moments.filter((moment) => moment !== null).map((moment) => moment.getTime());
  return known.length === 0 ? null : new Date(known.reduce((a, b) => pick(a, b))).toISOString();
}
