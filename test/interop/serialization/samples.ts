import {
  Decimal,
  OpaqueObject,
  PlainDate,
  PlainDateTime,
  PlainTime,
  TimeDelta,
  Uuid,
} from '../../../src/base/index.js';
import { PickledException, ResultReference, tuple } from '../../../src/serialization/index.js';

const inner = [1];
const loop: unknown[] = [1];
loop.push(loop);
const itself: Record<string, unknown> = { size: 3 };
const thing = new OpaqueObject('__main__', 'Thing', [], itself);
itself.me = thing;
const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
const signature = (args: readonly unknown[], options: object = {}): object => ({
  task: 'math.add',
  args,
  kwargs: {},
  options,
  subtask_type: null,
  immutable: false,
});

/** What each of the peer's samples is here, by its name there. Values that both sides write. */
export const SHARED: Readonly<Record<string, unknown>> = {
  none: null,
  true: true,
  false: false,
  zero: 0,
  seven: 7,
  byte: 255,
  'three hundred': 300,
  'minus five': -5,
  'minus 200': -200,
  word: 65_536,
  'int32 max': 2 ** 31 - 1,
  'int32 min': -(2 ** 31),
  'beyond int32': 2 ** 31,
  'beyond -int32': -(2 ** 31) - 1,
  'safe max': Number.MAX_SAFE_INTEGER,
  '2**53': 2n ** 53n,
  '2**53 + 1': 2n ** 53n + 1n,
  '-2**53 - 1': -(2n ** 53n) - 1n,
  '2**63': 2n ** 63n,
  '-2**63': -(2n ** 63n),
  '2**70': 2n ** 70n,
  '10**600': 10n ** 600n,
  '-10**700': -(10n ** 700n),
  half: 1.5,
  tenth: 0.1,
  'minus zero': -0,
  'huge float': 1e300,
  'tiny float': 5e-324,
  infinity: Number.POSITIVE_INFINITY,
  'minus infinity': Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
  'empty text': '',
  text: 'it\'s "quoted" \\ \n',
  umlaut: 'hé ü ß',
  emoji: '😀 مرحبا',
  nul: 'a\0b',
  'lone surrogate': 'a\ud800b\udfff',
  'long text': 'ab é '.repeat(100),
  'very long text': 'x'.repeat(70_000),
  'empty bytes': new Uint8Array(),
  'utf-8 bytes': new Uint8Array(Buffer.from('hé')),
  bytes,
  'long bytes': Uint8Array.from({ length: 800 }, (_, at) => (at % 2 ? 0 : 255)),
  'empty list': [],
  list: [1, 'a', null, true, 1.5],
  'long list': Array.from({ length: 2500 }, (_, at) => at),
  nested: [[[[]], {}], { a: { b: [1, { c: [] }] } }],
  shared: [inner, inner, { again: inner }],
  'empty dict': {},
  dict: { a: 1, b: [1, 2] },
  'proto dict': JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  'long dict': Object.fromEntries(Array.from({ length: 2500 }, (_, at) => [`k${at}`, at])),
  datetime: new PlainDateTime('2024-01-02T03:04:05.000006'),
  'datetime without micros': new PlainDateTime('2024-01-02T03:04:00'),
  'datetime utc': new Date('2024-01-02T03:04:05.678Z'),
  'datetime year 1': new Date('0001-01-01T00:00:00Z'),
  'datetime year 9999': new Date('9999-12-31T23:59:59.999Z'),
  date: new PlainDate('2024-01-02'),
  time: new PlainTime('01:02:03'),
  'time micros': new PlainTime('23:59:59.999999'),
  'time offset': new PlainTime('01:02:03-05:00'),
  decimal: new Decimal('1.10'),
  'decimal exponent': new Decimal('-1E+50'),
  'decimal nan': new Decimal('NaN'),
  uuid: new Uuid('12345678-1234-5678-1234-567812345678'),
  'small uuid': new Uuid('00000000-0000-0000-0000-000000000005'),
};

/** Those that pickle alone can hold, with the form in which we write them. */
export const PICKLE_ONLY: Readonly<Record<string, { readonly read: unknown; readonly write: unknown }>> = {
  'empty tuple': { read: [], write: tuple() },
  'one tuple': { read: [1], write: tuple(1) },
  'two tuple': { read: [1, 2], write: tuple(1, 2) },
  'three tuple': { read: [1, 2, 3], write: tuple(1, 2, 3) },
  'four tuple': { read: [1, 2, 3, 'x'], write: tuple(1, 2, 3, 'x') },
  ...same(
    'int keys',
    new Map([
      [1, 'a'],
      [2, 'b'],
    ]),
  ),
  ...same(
    'mixed keys',
    new Map<unknown, number>([
      [null, 1],
      [true, 2],
      [1.5, 3],
      ['x', 4],
    ]),
  ),
  ...same('tuple keys', new Map([[[1, 'a'], 'x']])),
  ...same('set', new Set([1, 2, 3])),
  ...same('empty set', new Set()),
  ...same('set of tuples', new Set([[1, 2]])),
  ...same('timedelta', new TimeDelta(1, 2, 3)),
  ...same('negative timedelta', new TimeDelta(-1, 86_399, 999_999)),
  failure: {
    read: { exc_type: 'ValueError', exc_message: ['bad', 1], exc_module: 'builtins' },
    write: { exc_type: 'ValueError', exc_message: tuple('bad', 1), exc_module: 'builtins' },
  },
};

function same(name: string, value: unknown): Record<string, { read: unknown; write: unknown }> {
  return { [name]: { read: value, write: value } };
}

const utc = (text: string): Date => new Date(text);

/** Those that are only read here. */
export const READ_ONLY: Readonly<Record<string, unknown>> = {
  bytearray: Uint8Array.from([97, 98, 255]),
  recursive: loop,
  frozenset: new Set(['a', 'b']),
  'datetime offset': utc('2024-01-01T21:34:05Z'),
  'datetime negative offset': utc('2024-01-02T12:30:15Z'),
  'datetime zone': utc('2024-07-02T01:04:05Z'),
  'datetime fold': utc('2024-10-27T01:30:00Z'),
  'datetime first of fold': utc('2024-10-27T00:30:00Z'),
  'datetime gap': utc('2024-03-31T01:30:00Z'),
  'datetime gap fold': utc('2024-03-31T00:30:00Z'),
  'datetime dateutil utc': utc('2024-01-02T00:00:00Z'),
  'datetime dateutil offset': utc('2024-01-01T23:00:00Z'),
  'ordered dict': { b: 1, a: 2 },
  'default dict': { a: [1] },
  counter: { a: 2, b: 1 },
  deque: [1, 2],
  complex: new OpaqueObject('builtins', 'complex', [1, 2]),
  enum: new OpaqueObject('__main__', 'Colour', [1]),
  namedtuple: new OpaqueObject('__main__', 'Point', [1, 2]),
  object: thing,
  class: new OpaqueObject('__main__', 'Thing'),
  function: new OpaqueObject('json', 'dumps'),
  error: new PickledException('builtins', 'ValueError', ['bad', 1]),
  'error with state': new PickledException('builtins', 'ValueError', ['bad', 1], { note: 'seen' }),
  'os error': new PickledException('builtins', 'FileNotFoundError', [2, 'No such file']),
  'celery error': new PickledException('celery.exceptions', 'TaskRevokedError', ['expired']),
  'soft limit': new PickledException('billiard.exceptions', 'SoftTimeLimitExceeded', []),
  retry: new PickledException('celery.exceptions', 'Retry', [
    'again',
    new PickledException('builtins', 'ValueError', ['x']),
    5,
  ]),
  'custom error': new OpaqueObject('__main__', 'CustomError', ['boom']),
  'wrapped error': new PickledException('app.errors', 'Odd', ['a', 1]),
  signature: signature([1, 2], { countdown: 3 }),
  'async result': new ResultReference(
    'AsyncResult',
    'child',
    [],
    new ResultReference('AsyncResult', 'parent'),
  ),
  'group result': new ResultReference('GroupResult', 'g', [
    new ResultReference('AsyncResult', 'a'),
    new ResultReference('AsyncResult', 'b'),
  ]),
  'task body': [
    [1, 2],
    { x: null },
    { callbacks: [signature([1])], errbacks: null, chain: null, chord: null },
  ],
};

/** Samples whose exact form is Celery's affair: read without loss of the names checked in the test. */
export const STRUCTURED = ['chain', 'group'] as const;
