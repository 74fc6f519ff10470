import { isDeepStrictEqual } from 'node:util';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Decimal,
  PlainDate,
  PlainDateTime,
  PlainTime,
  TimeDelta,
  ToolboxError,
  Uuid,
} from '../../../../src/base/index.js';
import { failureFrom } from '../../../../src/results/index.js';
import { tuple, writeJson } from '../../../../src/serialization/index.js';
import { SoftTimeLimitExceeded } from '../../../../src/worker/index.js';
import {
  lineOf,
  lineReader,
  type Packed,
  pack,
  unpack,
} from '../../../../src/worker/pools/crossing/index.js';

const WAYS: Readonly<Record<string, (packed: Packed) => Packed>> = {
  threads: (packed) => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(packed);
    const got = receiveMessageOnPort(port2) as { message: Packed };
    port1.close();
    return got.message;
  },
  processes: (packed) => {
    const got: Packed[] = [];
    const read = lineReader<{ kind: string; data: Packed }>(({ data }) => void got.push(data));
    // A pipe may cut it anywhere.
    const line = lineOf({ kind: 'x', data: packed });
    const at = line.length >> 1;
    read(line.slice(0, at));
    read(line.slice(at));
    return got[0] as Packed;
  },
};

const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.date(),
  fc.uint8Array(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    new Decimal('1.10'),
    new PlainDate('2026-11-24'),
    new PlainTime('10:00:00'),
    new PlainDateTime('2026-11-24T10:00:00'),
    new TimeDelta(-1, 5, 6),
    new Uuid('00000000-0000-4000-8000-000000000000'),
  ),
);
const key = fc.oneof(fc.string(), fc.constantFrom('\u0000wt', '__proto__', 'value'));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('dict'), tie('map'), tie('set'), tie('tuple')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  dict: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  map: fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  set: fc.array(leaf, { maxLength: 3 }).map((items) => new Set(items)),
  tuple: fc.array(tie('value'), { maxLength: 3 }).map((items) => tuple(...items)),
}));

describe.each(Object.entries(WAYS))('%s', (_name, across) => {
  const cross = (given: unknown): unknown => unpack(across(pack(given)));

  test('any value comes over as it was', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(cross(given)).toEqual(given);
      }),
    );
  });

  test('plain data is not copied, and nothing is read back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        expect(pack(given).value).toBe(given);
        // JSON has no minus zero.
        const text = JSON.stringify(given);
        fc.pre(isDeepStrictEqual(JSON.parse(text), given) && !text.includes('__proto__'));
        expect(pack(given).as).toBe('json');
      }),
    );
  });

  test.each([
    ['a function', { a: [() => 1] }],
    ['a promise', { a: [Promise.resolve()] }],
    ['a symbol', [Symbol('x')]],
    ['an error', { error: new Error('x') }],
  ])('%s is refused in the words it would be refused in here', (_what, given) => {
    const refusal = (one: unknown): string => {
      try {
        return writeJson(one);
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusal(cross(given))).toBe(refusal(given));
  });

  test('what an object says it is in JSON stands for it', () => {
    expect(cross({ at: { toJSON: () => ({ x: new Decimal('1') }) } })).toEqual({
      at: { x: new Decimal('1') },
    });
  });

  test('a value that holds itself comes over', () => {
    const given: { self?: unknown; name: string } = { name: 'x' };
    given.self = given;
    const got = cross(given) as typeof given;
    expect(got.self).toBe(got);
  });

  test.each([
    new RangeError('broken', { cause: new TypeError('why') }),
    Object.assign(new Error('with facts'), { code: 'E', at: new Date(5) }),
    new (class PaymentRefused extends Error {})('no money'),
    new SoftTimeLimitExceeded(),
    new ToolboxError('TASK_FAILED', 'there', {
      fields: { type: 'KeyError', args: ['x'], module: 'builtins' },
    }),
    new AggregateError([new Error('one')], 'all'),
  ])('%s keeps what it is, in JavaScript and in Python', (given) => {
    const got = cross(given) as Error;
    expect(failureFrom(got)).toEqual(failureFrom(given));
    expect(got.message).toBe(given.message);
    expect(got.stack).toBe(given.stack);
    if (given.cause !== undefined) expect(got.cause).toEqual(given.cause);
    if (!(given.constructor.name === 'PaymentRefused')) expect(got.constructor).toBe(given.constructor);
  });
});
