import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Decimal, Uuid } from '../../../../src/base/index.js';
import { fromWireTable, toWireTable } from '../../../../src/transports/amqp/wire-table.js';

it('passes plain tables without a copy', () => {
  const table = { text: 'x', number: 1, none: null, yes: true, nothing: undefined };
  expect(toWireTable(table)).toBe(table);
  expect(fromWireTable(table)).toBe(table);
});

it('tags what the client cannot tell by itself', () => {
  const when = new Date('2026-01-02T03:04:05.678Z');
  expect(
    toWireTable({ when, big: 2n ** 60n, huge: 2n ** 70n, ratio: 1.5, far: -1e300, nan: Number.NaN }),
  ).toEqual({
    when: { '!': 'timestamp', value: 1767323045 },
    big: { '!': 'long', value: 2n ** 60n },
    huge: (2n ** 70n).toString(),
    ratio: { '!': 'double', value: 1.5 },
    far: { '!': 'double', value: -1e300 },
    nan: 'NaN',
  });
});

it('writes values AMQP has no type for as text', () => {
  expect(
    toWireTable({ price: new Decimal('1.50'), id: new Uuid('u'), odd: { '!': 'int8', value: 'x' } }),
  ).toEqual({
    price: '1.50',
    id: 'u',
    odd: '{"!":"int8","value":"x"}',
  });
});

it('writes what only looks tagged as text, with any value in it, and times that are none as null', () => {
  expect(toWireTable({ odd: { '!': 1, big: 2n ** 60n }, never: new Date(Number.NaN) })).toEqual({
    odd: expect.stringContaining('1152921504606846976') as string,
    never: null,
  });
});

it('leaves functions out, and fills gaps of arrays with null', () => {
  expect(toWireTable({ fn: () => 1, list: [1, undefined, [() => 1]] })).toEqual({
    fn: undefined,
    list: [1, null, [null]],
  });
});

it('turns tagged values into ours, at any depth', () => {
  expect(
    fromWireTable({
      a: [{ '!': 'timestamp', value: 1 }],
      b: { c: { '!': 'decimal', value: { places: 2, digits: 2 ** 32 - 150 } } },
      d: { '!': 'decimal', value: { places: 3, digits: 5 } },
    }),
  ).toEqual({ a: [new Date(1000)], b: { c: new Decimal('-1.50') }, d: new Decimal('0.005') });
});

it('never throws, whatever the headers are', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true })), (table) => {
      toWireTable(table);
    }),
  );
});
