import { criticalPath, type Family, type FamilyMember } from '../platform/index.js';
import type { Colours } from './context.js';
import { printable } from './output.js';

const MARKS: Readonly<Record<string, string>> = {
  SUCCESS: '✔',
  FAILURE: '✘',
  REVOKED: '⊘',
  STARTED: '▶',
  RETRY: '↻',
};

const COLOURS: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  SUCCESS: 'green',
  FAILURE: 'red',
  REVOKED: 'yellow',
};

/** A line still to draw: what stands before its own branch, the branch, and what its children get before theirs. */
interface Pending {
  readonly member: FamilyMember;
  readonly indent: string;
  readonly branch: '' | '├─ ' | '└─ ';
  readonly under: string;
}

/**
 * A family as a tree: each task under the one that published it, with state, and the time since the family began; those that
 * decided when it ended (`criticalPath`) are marked, where there are others. Members
 * whose parent is not recorded stand at the top, and so does one of those who claim one another as parent.
 */
export function familyTree({ members }: Family, colours: Colours): string {
  const childrenOf = byParent(members);
  const begin = members[0]?.created.getTime() ?? 0;
  const path = criticalPath(members);
  const critical = new Set(path.length === members.length ? [] : path);
  const drawn = new Set<string>();
  const lines: string[] = [];
  for (const top of [...(childrenOf.get('') ?? []), ...members]) {
    const stack: Pending[] = [{ member: top, indent: '', branch: '', under: '' }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { member, indent, branch, under } = next;
      if (drawn.has(member.taskId)) continue;
      drawn.add(member.taskId);
      lines.push(`${indent}${branch}${describe(member, begin, critical, colours)}`);
      stack.push(...pending(childrenOf.get(member.taskId) ?? [], `${indent}${under}`));
    }
  }
  return lines.join('\n');
}

function byParent(members: readonly FamilyMember[]): ReadonlyMap<string, readonly FamilyMember[]> {
  const known = new Set(members.map(({ taskId }) => taskId));
  const childrenOf = new Map<string, FamilyMember[]>();
  for (const member of members) {
    const parent = member.parentId !== null && known.has(member.parentId) ? member.parentId : '';
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [member]);
    else siblings.push(member);
  }
  return childrenOf;
}

/** Last child first: the stack gives the first one back first. */
const pending = (children: readonly FamilyMember[], indent: string): readonly Pending[] =>
  children
    .map((member, index): Pending => {
      const last = index === children.length - 1;
      return { member, indent, branch: last ? '└─ ' : '├─ ', under: last ? '   ' : '│  ' };
    })
    .reverse();

function describe(
  member: FamilyMember,
  begin: number,
  critical: ReadonlySet<string>,
  colours: Colours,
): string {
  const { type, taskId, status, created, done, retries, isResult } = member;
  const mark = `${MARKS[status] ?? '•'} ${status}`;
  const paint = colours[COLOURS[status] ?? 'cyan'];
  const notes = [`+${since(begin, created)}`];
  if (done !== null) notes.push(`→ +${since(begin, done)}`);
  if (retries > 0) notes.push(`${retries} ${retries === 1 ? 'retry' : 'retries'}`);
  if (isResult) notes.push('result');
  if (critical.has(taskId)) notes.push(colours.bold('critical'));
  return `${colours.bold(printable(type))} ${paint(printable(mark))} ${notes.join(' ')} ${colours.dim(printable(taskId))}`;
}

const since = (begin: number, time: Date): string => `${((time.getTime() - begin) / 1000).toFixed(2)}s`;
