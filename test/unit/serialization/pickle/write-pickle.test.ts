import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, PlainDateTime, PlainTime, TimeDelta } from '../../../../src/base/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  type PickleProtocol,
  pickleCodec,
  pickleGroupResult,
  readPickle,
  tuple,
  writePickle,
} from '../../../../src/serialization/index.js';
import { runPickle } from '../../../../src/serialization/pickle/machine.js';
import { isContainer, type Node } from '../../../../src/serialization/pickle/nodes.js';
import { failureOf } from '../../../support/failure.js';
import { afterPython, pickleValue } from '../../../support/values.js';
import { bytesOf } from './samples.js';

/** Every class or function a pickle names. */
function collectNames(node: Node, names: Set<string>): void {
  if (!isContainer(node)) return;
  if (node.kind === 'global') names.add(`${node.module}.${node.qualname}`);
  const inner =
    node.kind === 'dict'
      ? node.pairs
      : node.kind === 'call'
        ? [node.callee, node.state, ...node.args]
        : node.kind === 'global'
          ? []
          : node.items;
  for (const child of inner) collectNames(child, names);
}

describe('bytes written', () => {
  it.each([
    [true, '80 04 88 2e'],
    [undefined, '80 04 4e 2e'],
    [7, '80 04 4b 07 2e'],
    [300, '80 04 4d 2c01 2e'],
    [-5, '80 04 4a fbffffff 2e'],
    [2n ** 70n, '80 04 8a 09 000000000000000040 2e'],
    [-(2n ** 63n), '80 04 8a 08 0000000000000080 2e'],
    [255n, '80 04 8a 02 ff00 2e'],
    [-1n, '80 04 8a 01 ff 2e'],
    [0n, '80 04 8a 00 2e'],
    [1.5, '80 04 47 3ff8000000000000 2e'],
    ['hé', '80 04 8c 03 "hé" 2e'],
    ['\ud800', '80 04 8c 03 eda080 2e'],
    [Uint8Array.of(0, 255), '80 04 43 02 00ff 2e'],
    [[], '80 04 5d 2e'],
    [tuple('bad', 1), '80 04 28 8c03 "bad" 4b01 74 2e'],
    [{ a: undefined, b: null }, '80 04 7d 28 8c01 "b" 4e 75 2e'],
    [new Set([1]), '80 04 8f 28 4b01 90 2e'],
    [
      new PlainDateTime('2024-01-02T03:04:05.000006'),
      '80 04 8c08 "datetime" 8c08 "datetime" 93 43 0a 07e80102030405000006 85 52 2e',
    ],
  ])('%s', (value, expected) => {
    expect(Buffer.from(writePickle(value)).toString('hex')).toBe(
      Buffer.from(bytesOf(expected)).toString('hex'),
    );
  });

  it('writes a group as rows of celery_tasksetmeta hold it', () => {
    const name = '8c0f "celery.app.base" 8c11 "_unpickle_appattr" 93';
    const child = `${name} 8c0b "AsyncResult" 28 8c01 "a" 4e 4e 4e 4e 74 86 52`;
    const expected = bytesOf(`80 04 ${name} 8c0b "GroupResult" 8c01 "g" 5d 28 ${child} 65 86 86 52 2e`);
    expect(Buffer.from(pickleGroupResult('g', ['a']))).toEqual(Buffer.from(expected));
  });

  it.each<PickleProtocol>([2, 4])('are read back in protocol %d', (protocol) => {
    const codec = pickleCodec({ protocol });
    fc.assert(
      fc.property(pickleValue, (value) => {
        expect(codec.decode(codec.encode(value), BUDGET)).toStrictEqual(afterPython(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('writes no class but Python’s own value types', () => {
    const names = new Set<string>();
    for (const value of fc.sample(pickleValue, { numRuns: 500, seed: 3 })) {
      for (const protocol of [2, 4] as const)
        collectNames(runPickle(writePickle(value, { protocol }), BUDGET), names);
    }
    expect([...names].sort()).toEqual(
      [
        '__builtin__.set',
        '_codecs.encode',
        'datetime.date',
        'datetime.datetime',
        'datetime.time',
        'datetime.timedelta',
        'datetime.timezone',
        'decimal.Decimal',
        'uuid.UUID',
      ].sort(),
    );
  });

  it('writes arrays as tuples and sets as frozensets where Python must hash them', () => {
    const value = new Map<unknown, unknown>([
      [[1, [2]], 'a'],
      [new Set([3]), 'b'],
    ]);
    expect(readPickle(writePickle(value), BUDGET)).toStrictEqual(value);
    expect(Buffer.from(writePickle(value)).includes('frozenset')).toBe(true);
  });

  const cycle: unknown[] = [];
  cycle.push({ again: cycle });

  it.each([
    ['a function', { a: [() => 1] }, '$.a[0]'],
    ['a cycle', cycle, '$[0].again'],
    ['an object as key', new Map([[{ a: 1 }, 1]]), '$.<key>'],
    ['a Decimal that is none', [new Decimal('one')], '$[0]'],
    ['a time that is none', [new PlainTime('late')], '$[0]'],
    ['fractions of a TimeDelta', new TimeDelta(0.5, 0, 0), '$'],
    ['a year Python has not', new Date(-1e15), '$'],
  ])('refuses %s, naming its place', (_, value, path) => {
    expect(failureOf(() => pickleCodec().encode(value))).toMatchObject({
      code: 'ENCODE_FAILED',
      fields: { path },
    });
  });
});
