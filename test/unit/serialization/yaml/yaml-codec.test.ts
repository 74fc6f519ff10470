import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal, PlainDate, PlainDateTime, ToolboxError } from '../../../../src/base/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  defaultSerializers,
  tuple,
} from '../../../../src/serialization/index.js';
import { leastCpuMs } from '../../../support/cpu.js';
import { failureOf } from '../../../support/failure.js';

const yaml = await defaultSerializers().codec('yaml');
const read = (text: string, budget = BUDGET) => yaml.decode(Buffer.from(text), budget);
const write = (value: unknown) => Buffer.from(yaml.encode(value)).toString();

describe('YAML as PyYAML reads it', () => {
  it.each<[string, unknown]>([
    ['', null],
    ['---\n...\n', null],
    ['~', null],
    ['yes', true],
    ['No', false],
    ['y', 'y'],
    ['1_000', 1000],
    ['0o17', '0o17'],
    ['017', 15],
    ['0x1F', 31],
    ['0b101', 5],
    ['1:30', 90],
    ['-1:30:00', -5400],
    ['12345678901234567890123', 12345678901234567890123n],
    ['1e3', '1e3'],
    ['1.0e+3', 1000],
    ['1.0e3', '1.0e3'],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1:30.5', 90.5],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.INF', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
    ['2024-02-29', new PlainDate('2024-02-29')],
    ['2024-01-02 03:04:05.678901', new PlainDateTime('2024-01-02T03:04:05.678901')],
    ['2024-01-02 03:04:05.678+05:30', new Date('2024-01-01T21:34:05.678Z')],
    ['2024-01-02T03:04:05Z', new Date('2024-01-02T03:04:05Z')],
    ['"2024-02-29"', '2024-02-29'],
    ["'1'", '1'],
    ['!!str 1', '1'],
    ['! 1', '1'],
    ['!!float 1', 1],
    ['!!int "7"', 7],
    ['!<tag:yaml.org,2002:int> 7', 7],
    ['!!binary |\n  AAH/\n  fw==\n', Uint8Array.of(0, 1, 255, 127)],
    ['!!set {a, 2}', new Set(['a', 2])],
    [
      '!!omap [a: 1, b: 2]',
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    ['{a: 1, a: 2}', { a: 2 }],
    [
      '{1: a, b: c}',
      new Map<unknown, unknown>([
        [1, 'a'],
        ['b', 'c'],
      ]),
    ],
    ['- &x [1]\n- *x\n', [[1], [1]]],
    ['a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n', { a: { x: 1, y: 2 }, b: { x: 1, y: 3 } }],
    ['<<: [{x: 1}, {x: 2, y: 2}]\n', { x: 1, y: 2 }],
    ['- |\n  two\n  lines\n- >-\n  fol\n  ded\n', ['two\nlines\n', 'fol ded']],
  ])('%j', (text, value) => {
    expect(read(text)).toStrictEqual(value);
  });

  it('gives an alias as the very same value', () => {
    const [first, second] = read('- &x [1]\n- *x\n') as [unknown, unknown];
    expect(second).toBe(first);
  });

  it.each([
    '!!python/object/apply:os.system ["touch /tmp/x"]',
    '!!python/tuple [1]',
    '!!python/name:os.system',
    '!mine 1',
    '!!int x',
    '!!binary "é"',
    '&a [*a]',
    '*nowhere',
    '- 1\nx',
    '[1',
    'a: 1\n---\nb: 2\n',
    '{[1]: 2}',
    '{<<: 1}',
    '\0',
    '--- \n%YAML 1.1\n',
  ])('refuses %j', (text) => {
    const failure = failureOf(() => read(text));
    expect(failure.code).toBe('DECODE_FAILED');
    expect(failure.cause).toBeUndefined();
  });

  it('never quotes the data', () => {
    expect(failureOf(() => read('password: "hunter2\n')).message).not.toContain('hunter2');
    expect(failureOf(() => yaml.decode(Uint8Array.of(0xff), BUDGET)).code).toBe('DECODE_FAILED');
  });

  it('keeps __proto__ as a key like any other', () => {
    const value = read('{__proto__: {polluted: 1}, constructor: {prototype: {polluted: 1}}}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('YAML as we write it', () => {
  it.each<[unknown, string]>([
    [[1, -0, 1.5, 1e300, 1e20, 2n ** 70n], '[1, -0.0, 1.5, 1.0e+300, 1.0e+20, 1180591620717411303424]'],
    [[null, true, Number.NaN, Number.NEGATIVE_INFINITY], '[null, true, .nan, -.inf]'],
    [{ no: 'yes', '1': '2024-01-01' }, '{"1": "2024-01-01", "no": "yes"}'],
    [tuple(1, 'é\u2028\x7f'), '[1, "é\\u2028\\u007f"]'],
    [new Set(['a', 1]), '!!set {"a": null, 1: null}'],
    [Uint8Array.of(0, 255), '!!binary "AP8="'],
    [new Date('2024-01-02T03:04:05.678Z'), '2024-01-02T03:04:05.678000+00:00'],
    [new PlainDate('2024-01-02'), '2024-01-02'],
    [
      new Map<unknown, unknown>([
        [1, 'a'],
        [new PlainDate('2024-01-02'), null],
      ]),
      '{1: "a", 2024-01-02: null}',
    ],
  ])('%s', (value, text) => {
    expect(write(value)).toBe(`${text}\n`);
  });

  it('announces long keys', () => {
    const value = { ['k'.repeat(5000)]: 1 };
    expect(write(value)).toMatch(/^\{\? "k/);
    expect(read(write(value))).toEqual(value);
  });

  it.each([new Decimal('1.5'), () => 1, new Map([[[1], 2]]), new Date(Number.NaN)])('refuses %s', (value) => {
    expect(failureOf(() => write({ a: [value] }))).toMatchObject({
      code: 'ENCODE_FAILED',
      message: expect.stringContaining('$.a[0]'),
    });
  });
});

describe('hostile YAML', () => {
  const laughs = `a0: &a0 lol\n${Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]\n`).join('')}`;
  const merges = `a0: &a0 {k0: 1}\n${Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}], k${n + 1}: 1}\n`).join('')}`;
  it.each<[string, string]>([
    ['a billion laughs', laughs],
    ['merges of merges', merges],
    ['deep lists', '['.repeat(250_000)],
    ['deep lists that end', `${'['.repeat(2000)}${']'.repeat(2000)}`],
    ['deep maps', '{a: '.repeat(30_000)],
    ['deep dashes', '- '.repeat(120_000)],
    ['deep questions', '? '.repeat(120_000)],
    ['more than is read', 'x'.repeat(300_000)],
  ])('%s is over the budget', async (_, text) => {
    const cost = await leastCpuMs(() => expect(failureOf(() => read(text)).code).toBe('BUDGET_EXCEEDED'));
    expect(cost).toBeLessThan(100);
  });

  it('throws our errors and no others, whatever the text', () => {
    const part = fc.constantFrom(
      ...[
        'a',
        ': ',
        '- ',
        '? ',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '&a ',
        '*a',
        '!!set ',
        '!!int ',
        '!!binary ',
        '!x ',
      ],
      ...[
        '"',
        "'",
        '|\n',
        '>\n',
        '\n',
        '  ',
        '#',
        '%',
        '---\n',
        '...\n',
        '<<',
        '__proto__',
        '1',
        '2024-01-01',
      ],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          if (!(error instanceof ToolboxError)) throw error;
          if (error.cause !== undefined)
            throw new Error('an unforeseen failure inside', { cause: error.cause });
        }
      }),
      { numRuns: 20_000 },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
