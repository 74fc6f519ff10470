import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlainDate, ToolboxError } from '../../../../src/base/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  defaultSerializers,
  tuple,
} from '../../../../src/serialization/index.js';
import { leastCpuMs } from '../../../support/cpu.js';
import { failureOf } from '../../../support/failure.js';

const msgpack = await defaultSerializers().codec('msgpack');
const hex = (value: unknown) => Buffer.from(msgpack.encode(value)).toString('hex');
const read = (bytes: string, budget = BUDGET) => msgpack.decode(Buffer.from(bytes, 'hex'), budget);
const again = (value: unknown) => msgpack.decode(msgpack.encode(value), BUDGET);

describe('msgpack', () => {
  it.each<[unknown, string]>([
    [[null, true, 1, -1, 'é', 1.5], '96c0c301ffa2c3a9cb3ff8000000000000'],
    [{ a: 1, b: undefined }, '81a16101'],
    [tuple(1, tuple()), '920190'],
    [Uint8Array.of(0, 255), 'c40200ff'],
    [2 ** 31, 'cf0000000080000000'],
    [-(2 ** 40), 'd3ffffff0000000000'],
    [2n ** 64n - 1n, 'cfffffffffffffffff'],
    [-(2n ** 63n), 'd38000000000000000'],
    [1e300, 'cb7e37e43c8800759c'],
  ])('writes %s', (value, bytes) => {
    expect(hex(value)).toBe(bytes);
  });

  it.each([2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, 2n ** 64n - 1n, -(2n ** 63n)])(
    '%s is exact',
    (value) => {
      expect(again([value])).toStrictEqual([value]);
    },
  );

  it.each<[unknown, string]>([
    [2n ** 64n, 'an integer of more than 64 bits'],
    [-(2n ** 63n) - 1n, 'an integer of more than 64 bits'],
    [new Date(), 'a Date'],
    [new PlainDate('2024-01-01'), 'a PlainDate'],
    [new Set(), 'a Set'],
    [new Map([[1, 2]]), 'a key that is no text'],
    ['\ud800', 'half of a surrogate pair'],
    [() => 1, 'a function'],
  ])('refuses %s, naming its place', (value, why) => {
    expect(failureOf(() => msgpack.encode({ a: [value] }))).toMatchObject({
      code: 'ENCODE_FAILED',
      message: expect.stringContaining(why),
      fields: { path: expect.stringMatching(/^\$\.a\[0\]/) },
    });
  });

  it.each([
    '', // nothing
    'c1', // a byte that means nothing
    '9201', // too short
    'a2c3', // text too short
    'a1ff', // text that is no UTF-8
    'd901ff',
    '0101', // goes on
    '810101', // a key that is no text
    '81a95f5f70726f746f5f5f01', // __proto__
    'd40500', // an extension
    'c70105ff',
  ])('cannot read %j', (bytes) => {
    expect(failureOf(() => read(bytes)).code).toBe('DECODE_FAILED');
  });

  it('reads a timestamp as a Date', () => {
    expect(read('d6ff65935e05')).toEqual(new Date(0x65935e05 * 1000));
  });

  it.each<[string, string]>([
    ['an array that is not there', 'ddffffffff'],
    ['arrays in arrays that are not there', 'dd00ffffff'.repeat(1000)],
    ['a map that is not there', 'dfffffffff'],
    ['text that is not there', 'dbffffffff'],
    ['bytes that are not there', 'c6ffffffff'],
    ['an extension that is not there', 'c9ffffffffff'],
    ['deep arrays', '91'.repeat(4_000_000)],
    ['deep maps', '81a161'.repeat(1_000_000)],
    ['too many values', `dd00200000${'c0'.repeat(0x200000)}`],
    ['empty arrays', `dd00200000${'90'.repeat(0x200000)}`],
  ])('%s costs nothing', async (_, bytes) => {
    const input = Buffer.from(bytes, 'hex');
    const memory = process.memoryUsage().rss;
    const cost = await leastCpuMs(() =>
      expect(failureOf(() => msgpack.decode(input, BUDGET)).code).toMatch(
        /^(DECODE_FAILED|BUDGET_EXCEEDED)$/,
      ),
    );
    expect(cost).toBeLessThan(100);
    expect(process.memoryUsage().rss - memory).toBeLessThan(20 * 1024 * 1024);
  });

  it('throws our errors and no others, and never changes a prototype, whatever the bytes', () => {
    const seeds = fc.sample(
      fc.json().map((text) => msgpack.encode(JSON.parse(text))),
      { numRuns: 60, seed: 7 },
    );
    fc.assert(
      fc.property(
        fc.nat(seeds.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (which, changes) => {
          const bytes = new Uint8Array(seeds[which] ?? []);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          try {
            const value: unknown = msgpack.decode(bytes, BUDGET);
            if (
              value !== null &&
              typeof value === 'object' &&
              !Array.isArray(value) &&
              Object.getPrototypeOf(value) === null
            )
              throw new Error('an object without its prototype');
          } catch (error) {
            if (!(error instanceof ToolboxError)) throw error;
          }
        },
      ),
      { numRuns: 20_000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
