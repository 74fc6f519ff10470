import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PlainDate, PlainDateTime } from '../../../src/base/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  type Codec,
  defaultSerializers,
} from '../../../src/serialization/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { afterPython } from '../../support/values.js';

const python = celeryPython();
if (!python && process.env.CI) throw new Error(NO_PYTHON);

type Attempt = { readonly ok: string } | { readonly error: string };
type Name = 'yaml' | 'msgpack';
interface Answer {
  readonly samples: Readonly<Record<Name, Readonly<Record<string, Attempt>>>>;
  readonly again: Readonly<Record<Name, readonly Attempt[]>>;
}

/** Texts that some YAML takes for something else. */
const TEXTS = [
  ...[
    '',
    '~',
    'null',
    'y',
    'no',
    'ON',
    'true',
    '1',
    '-1',
    '0x1f',
    '017',
    '08',
    '1_000',
    '1:30',
    '1:99',
    '1e3',
    '1.5',
    '.5',
    '.inf',
  ],
  ...[
    '2024-01-01',
    '2024-1-1',
    '2024-01-01 10:00:00',
    '<<',
    '=',
    '- a',
    'a: b',
    '#a',
    'a #b',
    '&a',
    '*a',
    '!a',
    '%a',
    '@a',
    '`a',
  ],
  ...[
    '"',
    "'",
    '[',
    '{',
    '|',
    '>',
    '?',
    ':',
    ' a',
    'a ',
    '\t',
    'a\nb',
    '---',
    '...',
    '__proto__',
    'é',
    '\u0000',
    '😀',
    '0b11',
    '+1',
    '1.',
  ],
];
const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom(...TEXTS));
const common = fc.oneof(
  fc.constantFrom(null, true, false, 2 ** 53 - 1, 2n ** 60n, -(2n ** 63n)),
  fc.integer(),
  fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
  text,
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
);
const yamlOnly = fc.oneof(
  fc.bigInt(),
  fc.constant(-0),
  fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  }),
  fc.uniqueArray(text).map((items) => new Set(items)),
);
const tree = (scalar: fc.Arbitrary<unknown>, key: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value')), fc.dictionary(key, tie('value'))),
  })).value;
const VALUES: Readonly<Record<Name, fc.Arbitrary<unknown>>> = {
  yaml: tree(fc.oneof(common, yamlOnly), text),
  msgpack: tree(
    common,
    text.filter((key) => key !== '__proto__'),
  ),
};

describe.skipIf(!python)(`kombu and we read each other${python ? '' : ` (${NO_PYTHON})`}`, () => {
  const fuzzed = {
    yaml: fc.sample(VALUES.yaml, { numRuns: 1500, seed: 42 }),
    msgpack: fc.sample(VALUES.msgpack, { numRuns: 1500, seed: 42 }),
  };
  const codecs = {} as Record<Name, Codec>;
  let answer: Answer;

  beforeAll(async () => {
    const registry = defaultSerializers();
    for (const name of ['yaml', 'msgpack'] as const) codecs[name] = await registry.codec(name);
    const ours = (name: Name) =>
      fuzzed[name].map((value) => Buffer.from(codecs[name].encode(value)).toString('base64'));
    const script = fileURLToPath(new URL('kombu_peer.py', import.meta.url));
    const input = JSON.stringify({ texts: TEXTS, ours: { yaml: ours('yaml'), msgpack: ours('msgpack') } });
    const output = execFileSync(python ?? '', [script], { input, maxBuffer: 2 ** 28 });
    answer = JSON.parse(output.toString()) as Answer;
  });

  const read = (name: Name, attempt: Attempt | undefined): unknown => {
    if (attempt === undefined || 'error' in attempt) throw new Error(attempt?.error ?? 'no answer');
    return codecs[name].decode(Buffer.from(attempt.ok, 'base64'), BUDGET);
  };

  it.each(['yaml', 'msgpack'] as const)('gives and takes 1500 random values as %s', (name) => {
    for (const [at, attempt] of answer.again[name].entries())
      expect(read(name, attempt)).toStrictEqual(afterPython(fuzzed[name][at]));
  });

  const numbers = [
    0,
    -1,
    2n ** 53n + 1n,
    2n ** 63n,
    -(2n ** 63n),
    1.5,
    1e16,
    1e-7,
    -0,
    Number.POSITIVE_INFINITY,
  ];
  const SAMPLES: Readonly<Record<string, unknown>> = {
    texts: TEXTS,
    numbers,
    'long integer': 2n ** 100n,
    dates: [
      new PlainDate('2024-02-29'),
      new PlainDateTime('2024-01-02T03:04:05.678901'),
      new Date('2024-01-01T21:30:00Z'),
    ],
    set: new Set(['a', 'b']),
    bytes: [new Uint8Array(Buffer.from('text')), new Uint8Array(Buffer.from('00ff'.repeat(100), 'hex'))],
    tuple: [1, [2]],
    // True is 1 in Python.
    keys: new Map<unknown, unknown>([
      [1, 4],
      ['b', 2],
      [null, 3],
      [new PlainDate('2024-01-01'), 5],
    ]),
    shared: [[1], [1]],
    lines: 'a\n  b\n\nc \n',
    'long text': 'word '.repeat(100),
    unicode: 'é\0\u0085\u2028😀\ufeff',
  };
  const NOT_IN_MSGPACK = new Set(['long integer', 'dates', 'set', 'keys']);

  it.each(Object.entries(SAMPLES))('reads Python’s %s', (key, value) => {
    expect(read('yaml', answer.samples.yaml[key])).toEqual(value);
    if (!NOT_IN_MSGPACK.has(key)) expect(read('msgpack', answer.samples.msgpack[key])).toEqual(value);
  });

  it('refuses what Python’s packer refuses', () => {
    for (const key of ['long integer', 'dates', 'set']) {
      expect(answer.samples.msgpack[key]).toHaveProperty('error');
      expect(() => codecs.msgpack.encode(SAMPLES[key])).toThrow(
        expect.objectContaining({ code: 'ENCODE_FAILED' }),
      );
    }
  });
});
