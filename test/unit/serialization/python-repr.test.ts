import { describe, expect, it } from 'vitest';
import { Decimal, OpaqueObject, PlainDate, PlainTime, TimeDelta, Uuid } from '../../../src/base/index.js';
import { argsRepr, kwargsRepr, pythonRepr, tuple } from '../../../src/serialization/index.js';

describe('pythonRepr', () => {
  const loop: unknown[] = [];
  loop.push(loop);
  it.each([
    [null, 'None'],
    [undefined, 'None'],
    [true, 'True'],
    [1, '1'],
    [1.5, '1.5'],
    [1e16, '1e+16'],
    [1e-7, '1e-07'],
    [-0, '-0.0'],
    [Number.NaN, 'nan'],
    [10n ** 20n, '100000000000000000000'],
    ["it's", "'it\\'s'"],
    [Buffer.from('é'), "b'é'"],
    [Uint8Array.of(0, 255), "b'00ff'"],
    [[1, [2, [3, [4]]]], '[1, [2, [3, [...]]]]'],
    [tuple(), '()'],
    [tuple(1), '(1,)'],
    [{ a: 1, b: undefined }, "{'a': 1}"],
    [new Map([[1, 'x']]), "{1: 'x'}"],
    [new Set(), 'set()'],
    [new Set([1, 2]), '{1, 2}'],
    [new Date('2024-01-02T03:04:00Z'), 'datetime.datetime(2024, 1, 2, 3, 4, tzinfo=datetime.timezone.utc)'],
    [new PlainDate('2024-01-02'), 'datetime.date(2024, 1, 2)'],
    [new PlainTime('01:02:03'), 'datetime.time(1, 2, 3)'],
    [new TimeDelta(0, 0, 0), 'datetime.timedelta(0)'],
    [new TimeDelta(1, 0, 5), 'datetime.timedelta(days=1, microseconds=5)'],
    [new Decimal('1.5'), "Decimal('1.5')"],
    [new Uuid('12345678-1234-5678-1234-567812345678'), "UUID('12345678-1234-5678-1234-567812345678')"],
    [() => 1, '<a function>'],
    [new OpaqueObject('app', 'Thing'), '<the Python object app.Thing>'],
    [loop, '[<Recursion on list>]'],
    [
      {
        get x(): never {
          throw new Error('no');
        },
      },
      '<Unrepresentable>',
    ],
  ])('%#', (value, expected) => {
    expect(pythonRepr(value)).toBe(expected);
  });

  it('is bounded, and closes what it opened', () => {
    const long = pythonRepr(Array.from({ length: 100_000 }, (_, at) => ({ at })));
    expect(long.length).toBeLessThan(1100);
    expect(long).toMatch(/, \.\.\.[}\]]+$/);
    expect(pythonRepr('x y'.repeat(1000), { maxLength: 10 })).toBe("'x yx yx...'");
    expect(pythonRepr('😀'.repeat(20), { maxLength: 5 })).toBe("'😀😀...'");
  });

  it('masks secrets', () => {
    expect(kwargsRepr({ api_key: 'k', user: { password: 'p' }, note: 'n' }, { mask: ['note'] })).toBe(
      "{'api_key': '********', 'user': {'password': '********'}, 'note': '********'}",
    );
    expect(pythonRepr(['postgresql://u:hunter2@h/d'])).toBe("['postgresql://u:********@h/d']");
  });
});

describe('argsRepr', () => {
  it('prints arguments as a tuple', () => {
    expect(argsRepr([2])).toBe('(2,)');
    expect(argsRepr([])).toBe('()');
  });
});
