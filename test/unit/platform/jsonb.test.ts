import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Decimal, OpaqueObject, TimeDelta } from '../../../src/base/index.js';
import { toJsonb } from '../../../src/platform/tracking/jsonb.js';

const stored = (value: unknown): unknown => JSON.parse(toJsonb(value));

it('keeps what JSON has no form for as Python prints it', () => {
  expect(stored([new TimeDelta(-1, 2, 3), { at: new OpaqueObject('shapely', 'Point', [1, 2]) }])).toEqual([
    { __type__: 'repr', __value__: 'datetime.timedelta(days=-1, seconds=2, microseconds=3)' },
    { at: { __type__: 'repr', __value__: expect.stringContaining('Point') } },
  ]);
});

it('ends where a structure contains itself, and shows twice what is there twice', () => {
  const shared = [1];
  const list: unknown[] = [shared, shared];
  list.push(list);
  expect(stored(list)).toEqual([[1], [1], { __type__: 'repr', __value__: '...' }]);
});

it('writes bytes with a NUL in the form that has none', () => {
  expect(stored([Buffer.from('a\0b'), Buffer.from('ab')])).toEqual([
    { __type__: 'base64', __value__: 'YQBi' },
    { __type__: 'bytes', __value__: 'ab' },
  ]);
});

it('takes keys that are no text, and text that jsonb cannot hold, wherever it stands', () => {
  const value = new Map<unknown, unknown>([
    [1, 'nul \0'],
    [['a', 2], new Set(['lone \ud800'])],
    [null, new Decimal('1.10')],
  ]);
  expect(stored(value)).toEqual({
    1: 'nul ␀',
    "['a', 2]": ['lone \ufffd'],
    null: { __type__: 'decimal', __value__: '1.10' },
  });
});

it('writes plain values as JSON does, and escapes that only look like lone surrogates too', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(toJsonb(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(stored('\\u0000 \\ud800')).toBe('\\u0000 \\ud800');
});
