import { beforeAll, describe, expect, test } from 'vitest';
import { familyView } from '../../../../src/platform/index.js';
import { familyView as familyShape } from '../../../../src/platform/views/index.js';
import { failure, type RecordedTask, record } from '../../../support/recorded-tasks.js';
import { FORM_NAMES, tables } from './tables.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const at = (seconds: number): Date => new Date(NOW.getTime() - 3600_000 + seconds * 1000);

const PARTS: readonly RecordedTask[] = Array.from({ length: 400 }, (_, index) => ({
  id: `part-${index}`,
  type: 'export.page',
  created: at(2 + index / 1000),
  root: 'big',
  parent: 'big',
  ...(index === 250
    ? { status: 'FAILURE', result: failure('ValueError', 'no'), done: at(10) }
    : index < 399
      ? { status: 'SUCCESS', result: true, done: at(9) }
      : {}),
}));

describe.each(FORM_NAMES)('%s', async (form) => {
  const { url, database } = await tables(form);
  const family = (id: string) => familyView(database, id, { now: NOW });

  beforeAll(() =>
    record(url, [
      { id: 'root', created: at(0), status: 'SUCCESS', done: at(1) },
      {
        id: 'a',
        type: 'export.page',
        created: at(1),
        root: 'root',
        parent: 'root',
        status: 'SUCCESS',
        done: at(5),
      },
      {
        id: 'b',
        type: 'export.page',
        created: at(1.1),
        root: 'root',
        parent: 'root',
        status: 'SUCCESS',
        done: at(3),
      },
      {
        id: 'unlock',
        type: 'celery.chord_unlock',
        created: at(1.2),
        root: 'root',
        parent: 'a',
        status: 'RETRY',
      },
      {
        id: 'body',
        type: 'export.result',
        created: at(5),
        root: 'root',
        parent: 'unlock',
        status: 'REVOKED',
        result: failure('TaskRevokedError', 'revoked'),
        done: at(6),
        options: { is_result: true },
      },
      { id: 'big', created: at(2), status: 'SUCCESS', done: at(3) },
      ...PARTS,
    ]),
  );

  test('shows every task of a small family, with the chain that decided its end', async () => {
    const found = await family('b');
    expect(familyShape.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      rootId: 'root',
      size: 4,
      ended: 4,
      state: 'REVOKED',
      platformState: 'STARTED',
      collapsed: false,
      results: [{ id: 'body', name: 'export.result', state: 'REVOKED' }],
    });
    expect(found?.nodes.map(({ id, parentId, critical }) => [id, parentId, critical])).toEqual([
      ['root', null, true],
      ['a', 'root', true],
      ['body', 'a', true],
      ['b', 'root', false],
    ]);
  });

  test('gathers the siblings of a large one', async () => {
    const found = await family('big');
    expect(found).toMatchObject({
      size: 401,
      ended: 400,
      state: 'FAILURE',
      platformState: 'FAILURE',
      collapsed: true,
    });
    expect(found?.nodes).toEqual([
      expect.objectContaining({ id: 'big', size: 1 }),
      expect.objectContaining({
        id: 'part-250',
        name: 'export.page',
        parentId: 'big',
        phase: 'failed',
        size: 400,
        phases: { succeeded: 398, failed: 1, queued: 1 },
        done: null,
      }),
    ]);
  });

  test('knows nothing of what was never recorded', async () => {
    expect(await family('nobody')).toBeUndefined();
  });
});
