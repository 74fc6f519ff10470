import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Decimal,
  OpaqueObject,
  PlainDate,
  PlainDateTime,
  PlainTime,
  TimeDelta,
  Uuid,
} from '../../../../src/base/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  jsonCodec,
  readJson,
  tuple,
  writeJson,
} from '../../../../src/serialization/index.js';
import { JsonParser } from '../../../../src/serialization/json/parser.js';
import { cpuMs } from '../../../support/cpu.js';
import { failureOf } from '../../../support/failure.js';
import { afterPython, jsonValue } from '../../../support/values.js';

const codec = jsonCodec();
const write = (value: unknown, envelopes = true): string =>
  Buffer.from(jsonCodec({ envelopes }).encode(value)).toString('utf8');
const read = (text: string): unknown => codec.decode(Buffer.from(text), BUDGET);

describe('writing JSON', () => {
  it.each([
    [null, 'null'],
    [undefined, 'null'],
    [1, '1'],
    [-0, '-0.0'],
    [2 ** 53, '9007199254740992.0'],
    [1e21, '1e+21'],
    [9_007_199_254_740_993n, '9007199254740993'],
    [Number.NaN, 'NaN'],
    [[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], '[Infinity,-Infinity]'],
    [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
    [tuple(1, 'a'), '[1,"a"]'],
    [
      new Map<unknown, unknown>([
        ['a', 1],
        [2, 3],
        [true, 4],
        [null, 5],
        [1.5, 6],
        [1e16, 7],
      ]),
      '{"a":1,"2":3,"true":4,"null":5,"1.5":6,"1e+16":7}',
    ],
    [
      new Date('2024-01-02T03:04:05.678Z'),
      '{"__type__":"datetime","__value__":"2024-01-02T03:04:05.678000+00:00"}',
    ],
    [new PlainDateTime('2024-01-02T03:04:05'), '{"__type__":"datetime","__value__":"2024-01-02T03:04:05"}'],
    [new PlainDate('2024-01-02'), '{"__type__":"date","__value__":"2024-01-02"}'],
    [new PlainTime('01:02:03'), '{"__type__":"time","__value__":"01:02:03"}'],
    [new Decimal('1.50'), '{"__type__":"decimal","__value__":"1.50"}'],
    [
      new Uuid('12345678-1234-5678-1234-567812345678'),
      '{"__type__":"uuid","__value__":{"hex":"12345678123456781234567812345678"}}',
    ],
    [Buffer.from('hé'), '{"__type__":"bytes","__value__":"hé"}'],
    [Uint8Array.of(0, 255), '{"__type__":"base64","__value__":"AP8="}'],
    [{ toJSON: () => ({ a: 1 }) }, '{"a":1}'],
    [new URL('http://x/'), '"http://x/"'],
  ])('%#: %s', (value, expected) => {
    expect(write(value)).toBe(expected);
  });

  it.each([
    [new Date('2024-01-02T03:04:05Z'), '"2024-01-02T03:04:05Z"'],
    [new PlainDate('2024-01-02'), '"2024-01-02T00:00:00"'],
    [new Uuid('12345678-1234-5678-1234-567812345678'), '"12345678-1234-5678-1234-567812345678"'],
  ])('%s without envelopes', (value, expected) => {
    expect(write(value, false)).toBe(expected);
  });

  const cycle: { list: unknown[] } = { list: [] };
  cycle.list.push(1, cycle);
  let deep: unknown = 0;
  for (let level = 0; level < 500; level += 1) deep = [deep];
  let doubled: unknown = 'x';
  for (let level = 0; level < 60; level += 1) doubled = [doubled, doubled];

  it.each([
    ['a function', { a: [{ run: () => 1 }] }, '$.a[0].run'],
    ['a symbol', [Symbol('s')], '$[0]'],
    ['a cycle', cycle, '$.list[1]'],
    ['depth', { deep }, `$.deep${'[0]'.repeat(199)}`],
    ['a Set', { s: new Set([1]) }, '$.s'],
    ['a TimeDelta', new TimeDelta(1, 0, 0), '$'],
    ['an invalid Date', [new Date(Number.NaN)], '$[0]'],
    ['a Promise', { p: Promise.resolve() }, '$.p'],
    ['an Error', [new Error('x')], '$[0]'],
    ['a Float64Array', [new Float64Array(1)], '$[0]'],
    ['a Python object', new OpaqueObject('os', 'system', ['x']), '$'],
    ['an object as key', new Map([[{}, 1]]), '$[0]'],
  ])('refuses %s, naming its place', (_, value, path) => {
    const error = failureOf(() => write(value));
    expect(error).toMatchObject({ code: 'ENCODE_FAILED', fields: { path } });
    expect(error.message).toContain(path);
  });

  it('refuses structures that would never end', () => {
    expect(failureOf(() => write(doubled)).code).toBe('ENCODE_FAILED');
  });

  it('refuses bytes for peers that cannot read them', () => {
    expect(failureOf(() => write({ b: Uint8Array.of(1) }, false)).fields.path).toBe('$.b');
  });

  it('wraps what a getter throws', () => {
    const value = {
      get secret(): never {
        throw new TypeError('mine');
      },
    };
    expect(failureOf(() => write(value))).toMatchObject({
      code: 'ENCODE_FAILED',
      cause: { message: 'mine' },
    });
  });
});

describe('reading JSON', () => {
  it.each([
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', 2n ** 53n],
    ['-9007199254740993', -(2n ** 53n) - 1n],
    ['1e400', Number.POSITIVE_INFINITY],
    ['0.12345678901234567', 0.12345678901234567],
    ['12345678901234567.0', 12345678901234567.0],
    ['[NaN, -Infinity, Infinity]', [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
    [
      '{"__type__": "datetime", "__value__": "2024-01-02T03:04:05.678901+02:00"}',
      new Date('2024-01-02T01:04:05.678Z'),
    ],
    [
      '{"__type__": "uuid", "__value__": {"hex": "12345678123456781234567812345678", "version": 4}}',
      new Uuid('12345678-1234-5678-1234-567812345678'),
    ],
    ['{"\\u005f_type__": "date", "__value__": "2024-01-02"}', new PlainDate('2024-01-02')],
    ['{"__type__": "app.Point", "__value__": [1]}', { __type__: 'app.Point', __value__: [1] }],
    [
      '{"__type__": "date", "__value__": "2024-01-02", "more": 1}',
      { __type__: 'date', __value__: '2024-01-02', more: 1 },
    ],
    ['{"a": 1, "a": 12345678901234567890}', { a: 12_345_678_901_234_567_890n }],
    [' [ 1 , { "a" : [ ] , "b" : { } } ] \n', [1, { a: [], b: {} }]],
  ])('%s', (text, expected) => {
    expect(read(text)).toStrictEqual(expected);
  });

  it.each([
    '',
    ' ',
    '[1',
    '{"a":',
    '{"a" 1}',
    '{a:1}',
    '[1,]',
    '01',
    '1.',
    '+1',
    '"\u0001"',
    '"\\x"',
    '"abc',
    'nul',
    'NaNs',
    '[1] 2',
    '\ufeff1',
    '{"a":1,}',
    '-',
    '[',
    '"\\u12"',
  ])('refuses %j', (text) => {
    expect(failureOf(() => read(text)).code).toBe('DECODE_FAILED');
  });

  it.each([
    ['datetime', '"2024-13-01T00:00:00"'],
    ['datetime', '5'],
    ['date', '"yesterday"'],
    ['time', '"25:00"'],
    ['decimal', '"one"'],
    ['uuid', '{"hex":"xyz"}'],
    ['base64', '"a"'],
    ['bytes', '"\\ud800"'],
  ])('refuses a %s of %s', (type, value) => {
    expect(failureOf(() => read(`{"__type__":"${type}","__value__":${value}}`)).code).toBe('DECODE_FAILED');
  });

  it('says where, and never quotes the data', () => {
    const error = failureOf(() => read('{"password": hunter2}'));
    expect(error.message).toContain('position 13');
    expect(JSON.stringify([error.message, error.fields, String(error.cause)])).not.toContain('hunter');
  });

  it.each([[[0xff]], [[0x22, 0xc3, 0x22]], [[0x22, 0xed, 0xa0, 0x80, 0x22]]])(
    'refuses bytes %j, which are no UTF-8',
    (bytes) => {
      expect(failureOf(() => codec.decode(Uint8Array.from(bytes), BUDGET)).message).toContain('UTF-8');
    },
  );

  it.each([
    '{"__proto__": {"polluted": 1}}',
    '{"__proto__": {"polluted": 1}, "n": 12345678901234567890}',
    '{"constructor": {"prototype": {"polluted": 1}}}',
  ])('keeps %s as harmless data', (text) => {
    const value = read(text) as object;
    expect(Object.keys(value)[0]).toMatch(/__proto__|constructor/);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
    expect(Object.entries(read(write(value)) as object)).toStrictEqual(Object.entries(value));
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const mutated = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.constantFrom(
          '',
          ',',
          '[',
          ']',
          '{',
          '}',
          '"',
          '\\',
          ':',
          '0',
          '-',
          '.',
          'e',
          ' ',
          '\n',
          '\0',
          't',
        ),
      )
      .map(
        ([text, at, piece]) =>
          text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + (at % 2)),
      );
    // Longer integers are where JSON.parse loses digits.
    const candidates = mutated.filter((text) => !/\d{16}/.test(text));
    const outcome = (action: () => unknown): unknown => {
      try {
        return { value: action() };
      } catch {
        return 'refused';
      }
    };
    fc.assert(
      fc.property(candidates, (text) => {
        expect(outcome(() => new JsonParser(text, BUDGET).parse())).toStrictEqual(
          outcome(() => JSON.parse(text)),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('has a form for text alone', () => {
    expect(readJson(writeJson({ a: [1n, Number.NaN] }), BUDGET)).toStrictEqual({ a: [1, Number.NaN] });
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(codec.decode(codec.encode(value), BUDGET)).toStrictEqual(afterPython(value));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the budget', () => {
  it.each([1_000, 100_000, 1_000_000])('refuses %d levels at once', async (levels) => {
    for (const text of [
      '['.repeat(levels) + ']'.repeat(levels),
      '{"a":'.repeat(levels),
      `[NaN,${'['.repeat(levels)}`,
    ]) {
      const bytes = Buffer.from(text);
      const cost = await cpuMs(() => {
        expect(failureOf(() => codec.decode(bytes, BUDGET))).toMatchObject({
          code: 'BUDGET_EXCEEDED',
          fields: { limit: 'maxDepth' },
        });
      });
      expect(cost).toBeLessThan(100);
    }
  });

  it('allows the deepest it says, on both ways', () => {
    const text = '['.repeat(200) + ']'.repeat(200);
    expect(read(text)).toEqual(JSON.parse(text));
    expect(readJson(text.replace('[]', '[NaN]'), BUDGET)).toBeDefined();
  });

  it('counts values and bytes', () => {
    const small = { ...BUDGET, maxNodes: 4 };
    expect(readJson('[1,{"a":2},[]]', { ...BUDGET, maxNodes: 5 })).toEqual([1, { a: 2 }, []]);
    expect(failureOf(() => readJson('[1,{"a":2},[]]', small)).fields.limit).toBe('maxNodes');
    expect(
      failureOf(() => codec.decode(Buffer.from('[1, 2]'), { ...BUDGET, maxBytes: 5 })).fields.limit,
    ).toBe('maxBytes');
  });

  it('does not convert endless integers', () => {
    expect(read('9'.repeat(5000))).toBe(10n ** 5000n - 1n);
    expect(failureOf(() => read('9'.repeat(1_000_000))).code).toBe('DECODE_FAILED');
  });
});
