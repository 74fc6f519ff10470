import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { familyTree } from '../../../src/cli/family-tree.js';
import type { Family, FamilyMember } from '../../../src/platform/index.js';

const BEGIN = Date.UTC(2026, 10, 23, 9);

const member = (taskId: string, parentId: string | null, rest: Partial<FamilyMember> = {}): FamilyMember => ({
  taskId,
  parentId,
  type: 'msg.x',
  status: 'SUCCESS',
  created: new Date(BEGIN),
  done: null,
  retries: 0,
  isResult: false,
  ...rest,
});

const drawn = (...members: readonly FamilyMember[]): readonly string[] => {
  const family: Family = { rootId: 'a', status: 'SUCCESS', members };
  return familyTree(family, pc.createColors(false)).split('\n');
};

describe('a family as a tree', () => {
  test('children stand under their parent, with branches', () => {
    expect(
      drawn(member('a', null), member('b', 'a'), member('d', 'b'), member('c', 'a'), member('e', 'c')),
    ).toEqual([
      'msg.x ✔ SUCCESS +0.00s critical a',
      '├─ msg.x ✔ SUCCESS +0.00s b',
      '│  └─ msg.x ✔ SUCCESS +0.00s d',
      '└─ msg.x ✔ SUCCESS +0.00s c',
      '   └─ msg.x ✔ SUCCESS +0.00s e',
    ]);
  });

  test('times count from the first record; retries and results are marked', () => {
    const later = {
      created: new Date(BEGIN + 1500),
      done: new Date(BEGIN + 2250),
      retries: 2,
      isResult: true,
    };
    expect(
      drawn(member('a', null, { status: 'FAILURE' }), member('b', 'a', { ...later, status: 'REVOKED' })),
    ).toEqual(['msg.x ✘ FAILURE +0.00s critical a', '└─ msg.x ⊘ REVOKED +1.50s → +2.25s 2 retries result b']);
  });

  test('what decided when the family ended is marked', () => {
    const at = (parent: string | null, id: string, done: number): FamilyMember =>
      member(id, parent, { done: new Date(BEGIN + done) });
    const lines = drawn(at(null, 'a', 100), at('a', 'b', 400), at('a', 'c', 900), at('c', 'body', 1000));
    expect(lines).toEqual([
      'msg.x ✔ SUCCESS +0.00s → +0.10s critical a',
      '├─ msg.x ✔ SUCCESS +0.00s → +0.40s b',
      '└─ msg.x ✔ SUCCESS +0.00s → +0.90s critical c',
      '   └─ msg.x ✔ SUCCESS +0.00s → +1.00s critical body',
    ]);
  });

  test('nobody is left out: unknown parents, and parents in a circle', () => {
    const lines = drawn(member('a', 'gone'), member('b', 'c'), member('c', 'b'), member('d', 'd'));
    expect(lines.map((line) => line.split(' ').at(-1)).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a name from a message neither steers the terminal nor shows a password', () => {
    const [line] = drawn(member('a', null, { type: 'x\u001b[2J\nsqs://k:canary@h' }));
    expect(line).toBe('x\ufffd[2J\ufffdsqs://k:********@h ✔ SUCCESS +0.00s a');
  });

  test('ten thousand members are drawn at once', () => {
    const chain = Array.from({ length: 300 }, (_, n) => member(`c${n}`, n === 0 ? null : `c${n - 1}`));
    const wide = Array.from({ length: 9700 }, (_, n) => member(`w${n}`, 'c0'));
    expect(drawn(...chain, ...wide)).toHaveLength(10_000);
  });
});
