import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { OpaqueObject, ToolboxError } from '../../../../src/base/index.js';
import {
  DEFAULT_DECODE_BUDGET as BUDGET,
  pickleCodec,
  readPickle,
} from '../../../../src/serialization/index.js';
import { cpuMs } from '../../../support/cpu.js';
import { failureOf } from '../../../support/failure.js';
import { pickleValue } from '../../../support/values.js';
import { bytesOf } from './samples.js';

const folder = mkdtempSync(join(tmpdir(), 'canary-'));
const canary = join(folder, 'sang');
afterAll(() => rmSync(folder, { recursive: true }));

/** Calls that would sing if anything were called, in every way a pickle can ask for a call. */
const COMMANDS: readonly (readonly [module: string, name: string, argument: string])[] = [
  ['os', 'system', `touch ${canary}`],
  ['posix', 'system', `touch ${canary}`],
  ['subprocess', 'check_output', `touch ${canary}`],
  ['builtins', 'eval', `open('${canary}', 'w')`],
  ['__builtin__', 'eval', `open('${canary}', 'w')`],
  ['builtins', 'exec', `open('${canary}', 'w')`],
  ['child_process', 'execSync', `touch ${canary}`],
  ['fs', 'writeFileSync', canary],
  ['process', 'exit', '1'],
  ['globalThis', 'eval', `process.exit(1)`],
  ['constructor', 'constructor', 'process.exit(1)'],
  ['__proto__', 'constructor', 'process.exit(1)'],
  ['toString', 'call', ''],
];
const CALLS: readonly ((module: string, name: string, argument: string) => string)[] = [
  (module, name, argument) => `c${module}\n${name}\n(V${argument}\ntR.`,
  (module, name, argument) => `(i${module}\n${name}\nV${argument}\nb.`,
  (module, name, argument) => `(c${module}\n${name}\nV${argument}\no.`,
  (module, name, argument) => `c${module}\n${name}\n(V${argument}\nt\x81.`,
  (module, name, argument) => `\x80\x04V${module}\nV${name}\n\x93V${argument}\n\x85R.`,
  (module, name, argument) => `\x80\x04c${module}\n${name}\n)}(Vx\nV${argument}\nu\x92.`,
  (module, name, argument) => `(lc${module}\n${name}\n(V${argument}\ntRa.`,
  (module, name, argument) => `c${module}\n${name}\n(V${argument}\ntR(dV__setstate__\nV${argument}\nsb.`,
  (module, name, argument) =>
    `c__builtin__\ngetattr\n(c__builtin__\n__import__\n(V${module}\ntRV${name}\ntR(V${argument}\ntR.`,
  (module, name, argument) => `cbuiltins\nset\n(c${module}\n${name}\n(V${argument}\ntRtR.`,
  (module, name, argument) =>
    `cdatetime\ndatetime\n(U\x0a\x07\xe8\x01\x02\x03\x04\x05\x00\x00\x00c${module}\n${name}\n(V${argument}\ntRtR.`,
  (module, name, argument) => `ccelery.canvas\nsignature\n(c${module}\n${name}\n(V${argument}\ntRtR.`,
  (module, name, argument) => `ccelery.app.base\n_unpickle_appattr\n(V${module}.${name}\n(V${argument}\nttR.`,
  (module, name) => `ccollections\ndefaultdict\n(c${module}\n${name}\ntR.`,
  (module, name, argument) =>
    `ccelery.utils.serialization\nUnpickleableExceptionWrapper\n(V${module}\nV${name}\n(V${argument}\ntNtR.`,
  (module, name, argument) =>
    `ccopy_reg\n_reconstructor\n(c${module}\n${name}\nc__builtin__\nobject\nV${argument}\ntR.`,
];

describe('calls in a pickle', () => {
  it.each(COMMANDS)('never call %s.%s', (module, name, argument) => {
    for (const call of CALLS) {
      const bytes = Buffer.from(call(module, name, argument), 'latin1');
      try {
        readPickle(bytes, BUDGET);
      } catch (error) {
        expect(error).toBeInstanceOf(ToolboxError);
      }
    }
    expect(existsSync(canary)).toBe(false);
  });

  it('are data, with the name and the arguments', () => {
    const bytes = Buffer.from('cos\nsystem\n(Vrm -rf /\ntR.');
    expect(readPickle(bytes, BUDGET)).toStrictEqual(new OpaqueObject('os', 'system', ['rm -rf /']));
  });

  it('cannot be written again', () => {
    const value = readPickle(Buffer.from('cos\nsystem\n(Vrm -rf /\ntR.'), BUDGET);
    expect(failureOf(() => pickleCodec().encode([value]))).toMatchObject({
      code: 'ENCODE_FAILED',
      fields: { path: '$[0]' },
    });
  });
});

/** Laughs a billion times: each list holds the one before it ten times. */
function laughs(levels: number, atom: string): Uint8Array {
  let source = `80 04 ${atom} 94`;
  for (let level = 0; level < levels; level += 1) {
    source += ` 5d 28 ${`68 ${level.toString(16).padStart(2, '0')} `.repeat(10)} 65 94`;
  }
  return bytesOf(`${source} 2e`);
}

describe('bombs', () => {
  const million = 1_000_000;
  it.each<[string, string | Uint8Array]>([
    ['a billion laughs', laughs(9, '5d')],
    ['a deep billion laughs', laughs(60, '4b01')],
    ['a large text, shared', laughs(4, `58 00000800 ${'61'.repeat(0x80000)}`)],
    ['nested lists', `80 04 ${'5d 28 '.repeat(million)}`],
    ['nested tuples', `80 04 29 ${'85'.repeat(million)} 2e`],
    ['nested calls', `80 04 8c01 "a" 8c01 "b" 93 ${'29 52 '.repeat(million)} 2e`],
    ['nested callables as arguments', `80 04 4e ${'85 8c01 "a" 8c01 "b" 93 30 '.repeat(100_000)} 2e`],
    ['empty lists', `80 04 ${'5d'.repeat(4 * million)} 2e`],
    ['marks', `80 04 ${'28'.repeat(6 * million)} 2e`],
    ['memo entries', `80 04 5d ${'94'.repeat(6 * million)} 2e`],
    ['copies', `80 04 5d 28 ${'4e'.repeat(2 * million)} 65 2e`],
    ['an endless integer', `80 04 8b 00000f00 ${'ff'.repeat(0xf0000)} 2e`],
  ])('%s is over the budget', async (_, source) => {
    const bytes = typeof source === 'string' ? bytesOf(source) : source;
    const cost = await cpuMs(() => {
      expect(['BUDGET_EXCEEDED', 'DECODE_FAILED']).toContain(failureOf(() => readPickle(bytes, BUDGET)).code);
    });
    expect(cost).toBeLessThan(2000);
  });

  it.each([
    '80 05 58 ffffffff 61 2e',
    '80 05 8d ffffffffffffffff 61 2e',
    '80 05 8e 0000000001000000 61 2e',
    '80 05 96 ffffffffffffff7f 61 2e',
    '80 05 8b ffffff7f 01 2e',
    '80 05 8b ffffffff 01 2e',
    '80 05 54 ffffffff 01 2e',
    '80 05 42 ffffffff 01 2e',
    '80 05 95 ffffffffffffffff 4e',
    '80 05 72 ffffffff',
  ])('a length without bytes (%s) costs nothing', (source) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(failureOf(() => readPickle(bytesOf(source), BUDGET)).code).toBe('DECODE_FAILED');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it('is refused by its length alone', () => {
    expect(failureOf(() => readPickle(new Uint8Array(11), { ...BUDGET, maxBytes: 10 })).fields.limit).toBe(
      'maxBytes',
    );
  });

  it('does not end the process where the budget allows more levels than the call stack', () => {
    const deep = bytesOf(`80 04 29 ${'85'.repeat(500_000)} 2e`);
    expect(failureOf(() => readPickle(deep, { ...BUDGET, maxDepth: 10_000_000 })).code).toBe(
      'BUDGET_EXCEEDED',
    );
  });
});

describe('broken pickles', () => {
  it.each([
    '',
    '2e',
    '80 04',
    '80 06 4e 2e',
    '80 04 4e',
    '80 04 28 2e',
    '80 04 65 2e',
    '80 04 4e 65 2e',
    '80 04 5d 4e 61',
    '80 04 28 4b01 64 2e',
    '80 04 4e 4b01 61 2e',
    '80 04 52 2e',
    '80 04 4e 29 52 2e',
    '80 04 5d 4e 62 2e',
    '80 04 8c01 "a" 8c01 "b" 93 7d 62 2e',
    '80 04 68 00 2e',
    '80 04 4b01 4b02 93 2e',
    '80 04 8c02 c328 2e',
    '80 04 50 "1" 0a 2e',
    '80 04 51 2e',
    '80 04 82 01 2e',
    '80 04 97 2e',
    '80 04 ff 2e',
    '"Iabc" 0a 2e',
    '"Fabc" 0a 2e',
    '"Sabc" 0a 2e',
    '"L" 0a 2e',
    '"gx" 0a 2e',
    '"V" 5c "U00110000" 0a 2e',
    '80 04 28 4e 30 30 2e',
  ])('%s is refused', (source) => {
    expect(failureOf(() => readPickle(bytesOf(source), BUDGET)).code).toBe('DECODE_FAILED');
  });

  it('throws our errors and no others, whatever the bytes', () => {
    const codec = pickleCodec();
    const seeds = fc.sample(pickleValue, { numRuns: 60, seed: 7 }).map((value) => codec.encode(value));
    const change = fc.tuple(
      fc.nat(),
      fc.oneof(fc.nat(255), fc.constantFrom(0x52, 0x62, 0x81, 0x93, 0x94, 0x68, 0x28, 0x85)),
    );
    fc.assert(
      fc.property(
        fc.nat(seeds.length - 1),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (which, changes) => {
          const bytes = new Uint8Array(seeds[which] ?? []);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          try {
            readPickle(bytes, BUDGET);
          } catch (error) {
            if (!(error instanceof ToolboxError)) throw error;
            if (error.cause !== undefined)
              throw new Error('an unforeseen failure inside', { cause: error.cause });
          }
        },
      ),
      { numRuns: 20_000 },
    );
    expect(existsSync(canary)).toBe(false);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
