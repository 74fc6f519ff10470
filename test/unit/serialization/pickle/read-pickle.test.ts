import { describe, expect, it } from 'vitest';
import {
  Decimal,
  OpaqueObject,
  PlainDate,
  PlainDateTime,
  PlainTime,
  Uuid,
} from '../../../../src/base/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  PickledException,
  ResultReference,
  readPickle,
} from '../../../../src/serialization/index.js';
import { failureOf } from '../../../support/failure.js';
import { bytesOf } from './samples.js';

const read = (source: string): unknown => readPickle(bytesOf(source), BUDGET);
const text = (source: string): unknown => readPickle(Buffer.from(source, 'latin1'), BUDGET);
const frame = (length: string): string => `95 ${length}00000000000000`;

describe('bytes that Python writes', () => {
  it.each([
    ['80 05 88 2e', true],
    ['80 05 4e 2e', null],
    ['80 05 4b 07 2e', 7],
    [`80 05 ${frame('04')} 4d 2c01 2e`, 300],
    [`80 05 ${frame('06')} 4a fbffffff 2e`, -5],
    [`80 05 ${frame('0c')} 8a 09 000000000000000040 2e`, 2n ** 70n],
    [`80 05 ${frame('0a')} 47 3ff8000000000000 2e`, 1.5],
    [`80 05 ${frame('07')} 8c 03 "hé" 94 2e`, 'hé'],
    [`80 05 ${frame('06')} 43 02 00ff 94 2e`, Uint8Array.of(0, 255)],
    [`80 05 ${frame('0c')} 5d 94 28 4b01 8c01 "a" 94 4e 65 2e`, [1, 'a', null]],
    [`80 05 ${frame('07')} 4b01 4b02 86 94 2e`, [1, 2]],
    [
      `80 05 ${frame('17')} 7d 94 28 8c01 "a" 94 4b01 8c01 "b" 94 5d 94 28 4b01 4b02 65 75 2e`,
      { a: 1, b: [1, 2] },
    ],
    [`80 05 ${frame('07')} 8f 94 28 4b01 90 2e`, new Set([1])],
    [
      '80 05 8c08 "datetime" 94 8c08 "datetime" 94 93 94 43 0a 07e80102030405000006 94 85 94 52 94 2e',
      new PlainDateTime('2024-01-02T03:04:05.000006'),
    ],
    ['80 05 8c08 "datetime" 8c04 "date" 93 43 04 07e80102 85 52 2e', new PlainDate('2024-01-02')],
    ['80 05 8c08 "datetime" 8c04 "time" 93 43 06 010203000000 85 52 2e', new PlainTime('01:02:03')],
    ['80 05 8c07 "decimal" 8c07 "Decimal" 93 8c04 "1.10" 85 52 2e', new Decimal('1.10')],
    [
      '80 05 8c04 "uuid" 8c04 "UUID" 93 29 81 7d 8c03 "int" 4b05 73 62 2e',
      new Uuid('00000000-0000-0000-0000-000000000005'),
    ],
    [
      '80 05 8c08 "builtins" 8c0a "ValueError" 93 8c03 "bad" 4b01 86 52 2e',
      new PickledException('builtins', 'ValueError', ['bad', 1]),
    ],
    [
      '80 05 95 4d00000000000000 7d 94 28 8c08 "exc_type" 94 8c0a "ValueError" 94 8c0b "exc_message" 94 8c03 "bad" 94 4b01 86 94 8c0a "exc_module" 94 8c08 "builtins" 94 75 2e',
      { exc_type: 'ValueError', exc_message: ['bad', 1], exc_module: 'builtins' },
    ],
    ['80 05 8a 00 2e', 0],
    ['80 05 8a 01 ff 2e', -1],
    ['80 05 96 0100000000000000 07 2e', Uint8Array.of(7)],
  ])('%s', (source, expected) => {
    expect(read(source)).toStrictEqual(expected);
  });
});

describe('protocol 0 and Python 2', () => {
  it.each([
    [
      "(lp0\nI1\naL2L\naF0.5\naI01\naNaVh\\u00e9\\U0001f600\naS'it\\'s\\x41\\n'\na.",
      [1, 2, 0.5, true, null, 'hé😀', "it'sA\n"],
    ],
    ["(dp0\nS'a'\nI1\ns.", { a: 1 }],
    ["(S'a'\nI1\nd.", { a: 1 }],
    ['(I1\nI2\nt.', [1, 2]],
    [
      'cdatetime\ndatetime\n(U\x0a\x07\xe8\x01\x02\x03\x04\x05\x00\x00\x06tR.',
      new PlainDateTime('2024-01-02T03:04:05.000006'),
    ],
    // Bytes that happen to be UTF-8 are bytes all the same where Python wants bytes.
    ['cdatetime\ntime\n(U\x06\x01\x02\x03\x00\xc3\xa9tR.', new PlainTime('01:02:03.050089')],
    ['c__builtin__\nset\n((lI1\natR.', new Set([1])],
    ['c_codecs\nencode\n(V\xff\x00\nVlatin1\ntR.', Uint8Array.of(255, 0)],
    ["cexceptions\nKeyError\n(S'k'\ntR.", new PickledException('builtins', 'KeyError', ['k'])],
    ['(iapp.models\nThing\n(dVx\nI1\nsb.', new OpaqueObject('app.models', 'Thing', [], { x: 1 })],
    ['(capp.models\nThing\nI1\no.', new OpaqueObject('app.models', 'Thing', [1])],
    [
      'ccopy_reg\n_reconstructor\n(cuuid\nUUID\nc__builtin__\nobject\nNtR(dVint\nL5L\nsb.',
      new Uuid('00000000-0000-0000-0000-000000000005'),
    ],
    ['ccollections\nOrderedDict\n((l(lVa\naI1\naatR.', { a: 1 }],
    ['U\x02\xff\xfe.', Uint8Array.of(255, 254)],
    ["(I1\nI2\n1S'x'\n20.", 'x'],
  ])('%j', (source, expected) => {
    expect(text(source)).toStrictEqual(expected);
  });

  it('reads pytz zones by the offset they carry', () => {
    const paris = 'cpytz\n_p\n(VEurope/Paris\nI3600\nI0\nVCET\ntR';
    const clock = 'U\x0a\x07\xe8\x01\x02\x03\x04\x05\x00\x00\x00';
    expect(text(`cdatetime\ndatetime\n(${clock}${paris}tR.`)).toEqual(new Date('2024-01-02T02:04:05Z'));
    expect(text(`cdatetime\ndatetime\n(${clock}cpytz\n_UTC\n(tRtR.`)).toEqual(
      new Date('2024-01-02T03:04:05Z'),
    );
  });
});

describe('what is not on the list', () => {
  it('keeps a datetime of an unknown zone as clock time and zone', () => {
    const zone = 'capp.zones\nMars\n(tR';
    expect(
      text(`cdatetime\ndatetime\n(U\x0a\x07\xe8\x01\x02\x03\x04\x05\x00\x00\x00${zone}tR.`),
    ).toStrictEqual(
      new OpaqueObject('datetime', 'datetime', [
        new PlainDateTime('2024-01-02T03:04:05'),
        new OpaqueObject('app.zones', 'Mars'),
      ]),
    );
  });

  it('keeps a class of the list whose arguments make no sense', () => {
    expect(text('cdecimal\nDecimal\n(Vone\ntR.')).toStrictEqual(
      new OpaqueObject('decimal', 'Decimal', ['one']),
    );
    expect(text('cdatetime\ndate\n(U\x04\x00\x00\x00\x00tR.')).toStrictEqual(
      new OpaqueObject('datetime', 'date', ['\0\0\0\0']),
    );
  });

  it('keeps items and entries of containers it does not know', () => {
    expect(text('capp\nMyList\n)\x81(I1\nI2\ne.')).toStrictEqual(
      new OpaqueObject('app', 'MyList', [], { state: null, items: [1, 2], entries: {} }),
    );
  });

  it('drops the backend with its password', () => {
    const backend = 'ccelery.backends.base\nunpickle_backend\n(Vpostgresql://u:hunter2@h/d\ntR';
    const child = `ccelery.app.base\n_unpickle_appattr\n(VAsyncResult\n(Va\n${backend}NNNttR`;
    const group = text(`ccelery.app.base\n_unpickle_appattr\n(VGroupResult\n(Vg\n(l${child}attR.`);
    expect(group).toStrictEqual(
      new ResultReference('GroupResult', 'g', [new ResultReference('AsyncResult', 'a')]),
    );
    expect(
      JSON.stringify([
        text(`${backend}.`),
        text(`ccelery.app.base\n_unpickle_appattr\n(Vother\n(${backend}ttR.`),
      ]),
    ).not.toContain('hunter2');
  });
});

describe('shared and recursive values', () => {
  it('keeps a shared list one list', () => {
    const [first, second] = read('80 04 5d 28 5d 94 68 00 65 2e') as unknown[];
    expect(first).toBe(second);
  });

  it('keeps a recursive list recursive', () => {
    const loop = read('80 04 5d 94 68 00 61 2e') as unknown[];
    expect(loop[0]).toBe(loop);
  });

  it('refuses recursion where Python cannot have it', () => {
    // A Decimal of a list that holds the Decimal.
    expect(failureOf(() => text('c__builtin__\nset\n((lp0\ntRp1\n0g0\ng1\na0g1\n.')).code).toBe(
      'DECODE_FAILED',
    );
  });
});
