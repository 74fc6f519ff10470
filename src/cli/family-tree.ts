import type { Family, FamilyMember } from '../platform/index.js';
import type { Colours } from './context.js';

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

/**
 * A family as a tree: each task under the one that published it, with state, and the time since the family began. Members
 * whose parent is not recorded stand at the top.
 */
export function familyTree({ members }: Family, colours: Colours): string {
  const known = new Set(members.map(({ taskId }) => taskId));
  const childrenOf = new Map<string, FamilyMember[]>();
  for (const member of members) {
    const parent = member.parentId !== null && known.has(member.parentId) ? member.parentId : '';
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), member]);
  }
  const begin = Math.min(...members.map(({ created }) => created.getTime()));
  const lines: string[] = [];
  const draw = (member: FamilyMember, indent: string, branch: string, under: string): void => {
    lines.push(`${indent}${branch}${describe(member, begin, colours)}`);
    const children = childrenOf.get(member.taskId) ?? [];
    for (const [index, child] of children.entries()) {
      const last = index === children.length - 1;
      draw(child, `${indent}${under}`, last ? '└─ ' : '├─ ', last ? '   ' : '│  ');
    }
  };
  for (const top of childrenOf.get('') ?? []) draw(top, '', '', '');
  return lines.join('\n');
}

function describe(member: FamilyMember, begin: number, colours: Colours): string {
  const { type, taskId, status, created, done, retries, isResult } = member;
  const mark = `${MARKS[status] ?? '•'} ${status}`;
  const paint = colours[COLOURS[status] ?? 'cyan'];
  const notes = [`+${since(begin, created)}`];
  if (done !== null) notes.push(`→ +${since(begin, done)}`);
  if (retries > 0) notes.push(`${retries} ${retries === 1 ? 'retry' : 'retries'}`);
  if (isResult) notes.push('result');
  return `${colours.bold(type)} ${paint(mark)} ${notes.join(' ')} ${colours.dim(taskId)}`;
}

const since = (begin: number, time: Date): string => `${((time.getTime() - begin) / 1000).toFixed(2)}s`;
