import { beforeAll, describe, expect, test } from 'vitest';
import { taskDetail } from '../../../../src/platform/index.js';
import { taskDetail as detailShape } from '../../../../src/platform/views/index.js';
import { failure, record } from '../../../support/recorded-tasks.js';
import { FORM_NAMES, tables } from './tables.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

describe.each(FORM_NAMES)('%s', async (form) => {
  const { url, database } = await tables(form);
  const detail = (id: string) => taskDetail(database, id, { now: NOW });

  beforeAll(() =>
    record(url, [
      {
        id: 'root',
        created: ago(100),
        status: 'SUCCESS',
        done: ago(50),
        result: {
          token: 'hidden',
          bytes: new Uint8Array([1, 2]),
          at: NOW,
          big: 2n ** 70n,
          set: new Set([1]),
        },
        args: [{ __type__: 'datetime', __value__: '2026-03-01T12:00:00Z' }, 'dsn=postgresql://u:secret@h/d'],
        options: { eta: ago(80).toISOString(), headers: { authorization: 'Bearer x' } },
      },
      {
        id: 'child',
        created: ago(90),
        root: 'root',
        parent: 'root',
        status: 'FAILURE',
        result: failure('ValueError', 'password=abc'),
        traceback: 'Traceback: password=abc',
        done: ago(60),
        options: { retried_from: 'root' },
      },
      {
        id: 'odd',
        created: ago(1),
        status: 'SUCCESS',
        stored: Buffer.from([0x80, 4, 0x95, 1]),
        done: ago(0),
      },
      {
        id: 'large',
        created: ago(1),
        status: 'SUCCESS',
        result: 'x'.repeat(200_000),
        done: ago(0),
        args: ['y'.repeat(1_000_000)],
      },
    ]),
  );

  test('shows values as data, secrets masked', async () => {
    const found = await detail('root');
    expect(detailShape.parse(found)).toEqual(found);
    expect(found?.result).toEqual({
      json: {
        token: '********',
        bytes: { $type: 'bytes', value: 'AQI=' },
        at: { $type: 'datetime', value: NOW.toISOString() },
        big: { $type: 'int', value: String(2n ** 70n) },
        set: { $type: 'set', value: [1] },
      },
      bytes: expect.any(Number),
      truncated: false,
      undecodable: null,
    });
    expect(found?.input.args.json).toEqual([{ $type: 'datetime', value: NOW.toISOString() }, 'dsn=********']);
    expect(JSON.stringify(found)).not.toMatch(/hidden|secret|Bearer/);
    expect(found).toMatchObject({ children: 1, familySize: 2, familyState: 'FAILURE', retriedAs: ['child'] });
    expect(found?.timeline.map(({ what }) => what)).toEqual(['tracked', 'due', 'stored']);
  });

  test('tells how a task failed, without its secrets', async () => {
    const found = await detail('child');
    expect(found?.failure).toEqual({
      type: 'ValueError',
      message: 'password=********',
      traceback: 'Traceback: password=********',
      sameIn24Hours: expect.any(Number),
    });
    expect(found).toMatchObject({ retriedFrom: 'root', result: { undecodable: null } });
  });

  test('says why a result cannot be read, with its bytes', async () => {
    expect((await detail('odd'))?.result).toEqual({
      json: null,
      bytes: 4,
      truncated: false,
      undecodable: { reason: expect.stringMatching(/./), hex: '80049501' },
    });
  });

  test('cuts what is large', async () => {
    const found = await detail('large');
    expect(found?.result).toMatchObject({ truncated: true, bytes: expect.toSatisfy((n) => n > 200_000) });
    expect(Buffer.byteLength(JSON.stringify(found))).toBeLessThan(3 * 65_536);
    expect(found?.args).toMatch(/^\('yyy/);
  });

  test('knows nothing of what was never recorded', async () => {
    expect(await detail('nobody')).toBeUndefined();
  });
});
