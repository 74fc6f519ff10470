import { describe, expect, test } from 'vitest';
import { type Database, findFamily } from '../../../src/platform/index.js';

const UNLOCK = 'celery.chord_unlock';

type Row = readonly [taskId: string, type: string, parentId: string | null];

/** A database that answers with these rows. */
const holding = (...rows: readonly Row[]): Database => ({
  url: 'postgresql://here/d',
  query: <R>() =>
    Promise.resolve(
      rows.map(([taskId, type, parentId], index) => ({
        taskId,
        type,
        parentId,
        status: type === UNLOCK ? 'RETRY' : 'SUCCESS',
        created: index,
        done: null,
        retries: 0,
        isResult: false,
        rootId: 'root',
      })) as R[],
    ),
  alone: () => Promise.reject(new Error('not asked for here')),
  close: () => Promise.resolve(),
});

async function parents(...rows: readonly Row[]): Promise<unknown> {
  const family = await findFamily(holding(...rows), 'root');
  return family?.members.map(({ taskId, parentId }) => [taskId, parentId]);
}

describe('tasks published by celery.chord_unlock, which is left out of a family', () => {
  test('stand under the parent of the unlock task, whichever row comes first', async () => {
    const body: Row = ['body', 'export.create_result', 'unlock'];
    const unlock: Row = ['unlock', UNLOCK, 'root'];
    const root: Row = ['root', 'export.project', null];
    const wanted = [
      ['root', null],
      ['body', 'root'],
    ];
    expect(await parents(root, unlock, body)).toEqual(wanted);
    expect(await parents(root, body, unlock)).toEqual(wanted);
  });

  test('also through several, as in a chord whose body is a chord', async () => {
    expect(
      await parents(['root', 'a', null], ['u1', UNLOCK, 'root'], ['u2', UNLOCK, 'u1'], ['body', 'b', 'u2']),
    ).toEqual([
      ['root', null],
      ['body', 'root'],
    ]);
  });

  test('stand at the top when the unlock has no parent, and do not wait for ever in a circle', async () => {
    expect(await parents(['u1', UNLOCK, null], ['body', 'b', 'u1'])).toEqual([['body', null]]);
    expect(await parents(['u1', UNLOCK, 'u2'], ['u2', UNLOCK, 'u1'], ['body', 'b', 'u1'])).toEqual([
      ['body', null],
    ]);
  });

  test('do not count for the state of the family; a family of unlocks alone is none', async () => {
    const family = await findFamily(holding(['root', 'a', null], ['u1', UNLOCK, 'root']), 'root');
    expect(family?.status).toBe('SUCCESS');
    expect(await findFamily(holding(['u1', UNLOCK, null]), 'u1')).toBeUndefined();
  });
});
