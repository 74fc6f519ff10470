import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../../src/base/index.js';
import {
  argsRepr,
  DEFAULT_DECODE_BUDGET as BUDGET,
  compress,
  decompress,
  jsonCodec,
  pickleCodec,
  pickleGroupResult,
  pythonRepr,
} from '../../../src/serialization/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { afterPython, jsonValue, pickleValue } from '../../support/values.js';
import { type Answer, askPython, bytesOf, fromBase64, toBase64 } from './peer.js';
import { PICKLE_ONLY, READ_ONLY, SHARED, STRUCTURED } from './samples.js';

const python = celeryPython();
if (!python && process.env.CI) throw new Error(NO_PYTHON);

const json = jsonCodec();
const plainJson = jsonCodec({ envelopes: false });
const pickle4 = pickleCodec();
const pickle2 = pickleCodec({ protocol: 2 });
/** Older protocols drop `fold`, and write the subclasses of OSError as OSError. */
const LOSSY_BEFORE: Readonly<Record<string, number>> = {
  'os error': 3,
  'datetime fold': 4,
  'datetime gap fold': 4,
};
const OLD_STYLE = ['datetime utc', 'datetime', 'date', 'time', 'decimal', 'uuid'];
const FUZZ = { numRuns: 1500, seed: 42 };

describe.skipIf(!python)(`Python and we read each other${python ? '' : ` (${NO_PYTHON})`}`, () => {
  const fuzzed = {
    json: fc.sample(jsonValue, FUZZ),
    pickle: fc.sample(pickleValue, FUZZ),
  };
  let answer: Answer;

  beforeAll(async () => {
    const forms = (value: unknown, alsoJson: boolean) => ({
      pickle4: toBase64(pickle4.encode(value)),
      pickle2: toBase64(pickle2.encode(value)),
      json: alsoJson ? toBase64(json.encode(value)) : null,
    });
    const written = Object.fromEntries([
      ...Object.entries(SHARED).map(([name, value]) => [name, forms(value, true)] as const),
      ...Object.entries(PICKLE_ONLY).map(([name, { write }]) => [name, forms(write, false)] as const),
    ]);
    answer = askPython(python ?? '', {
      written,
      fuzz: {
        json: fuzzed.json.map((value) => toBase64(json.encode(value))),
        pickle: fuzzed.pickle.map((value) => toBase64(pickle4.encode(value))),
      },
      group: toBase64(pickleGroupResult('g', ['a', 'b'])),
      'old style': OLD_STYLE.map((name) => toBase64(plainJson.encode(SHARED[name]))),
      deflated: [toBase64(await compress(Buffer.from('hello'), 'gzip'))],
      plain: [toBase64(Buffer.from('hello'))],
    });
  });

  const readable = {
    ...SHARED,
    ...Object.fromEntries(Object.entries(PICKLE_ONLY).map(([name, { read }]) => [name, read])),
    ...READ_ONLY,
  };

  it('knows every sample of the peer', () => {
    expect([...Object.keys(readable), ...STRUCTURED].sort()).toEqual(Object.keys(answer.pickles).sort());
  });

  describe.each(Object.entries(readable))('%s', (name, expected) => {
    it('is read from its pickle in every protocol', () => {
      for (const [protocol, attempt] of Object.entries(answer.pickles[name] ?? {})) {
        const bytes = bytesOf(attempt);
        // Some classes cannot be pickled by the oldest protocols at all.
        if (Number(protocol) < 2 && !bytes) continue;
        if (Number(protocol) < (LOSSY_BEFORE[name] ?? 0)) continue;
        expect(bytes, `${name} in protocol ${protocol}: ${JSON.stringify(attempt)}`).toBeDefined();
        expect(pickle4.decode(bytes as Uint8Array, BUDGET), `protocol ${protocol}`).toStrictEqual(expected);
      }
    });
  });

  describe.each(Object.entries(SHARED))('%s', (name, expected) => {
    it('is read from kombu’s JSON', () => {
      expect(json.decode(bytesOf(answer.jsons[name]) as Uint8Array, BUDGET)).toStrictEqual(expected);
    });
  });

  it.each([...Object.keys(SHARED), ...Object.keys(PICKLE_ONLY)])('%s: Python reads what we write', (name) => {
    const { pickle4: four, pickle2: two, json: text } = answer.verdicts[name] ?? {};
    expect({ four, two }).toEqual({ four: 'same', two: 'same' });
    expect(text === null || text === 'same', String(text)).toBe(true);
  });

  it('gives and takes 1500 random values as JSON', () => {
    const back = answer.fuzz.json.map((text) => json.decode(fromBase64(text), BUDGET));
    expect(back).toStrictEqual(fuzzed.json.map((value) => afterPython(value)));
  });

  it('gives and takes 1500 random values as pickle', () => {
    const back = answer.fuzz.pickle.map((text) => pickle4.decode(fromBase64(text), BUDGET));
    expect(back).toStrictEqual(fuzzed.pickle.map((value) => afterPython(value)));
  });

  it('reads signatures of a chain and a group as their dicts', () => {
    for (const name of STRUCTURED) {
      const bytes = bytesOf(answer.pickles[name]?.[5]) as Uint8Array;
      expect(pickle4.decode(bytes, BUDGET)).toMatchObject({
        task: `celery.${name}`,
        kwargs: { tasks: [{ task: 'math.add' }, { task: 'math.add' }] },
      });
    }
  });

  it('writes a group that GroupResult.restore reads', () => {
    expect(answer.group).toEqual({ type: 'GroupResult', id: 'g', children: ['a', 'b'] });
  });

  it('drops the backend that Python pickles into results', () => {
    const read = JSON.stringify(
      pickle4.decode(bytesOf(answer.pickles['group result']?.[5]) as Uint8Array, BUDGET),
    );
    expect(Buffer.from(bytesOf(answer.pickles['group result']?.[5]) as Uint8Array).includes('sqlite')).toBe(
      true,
    );
    expect(read).not.toContain('sqlite');
  });

  it('writes the older JSON form without envelopes', () => {
    expect(answer['old style']).toEqual([
      '2024-01-02T03:04:05.678000Z',
      '2024-01-02T03:04:05.000006',
      '2024-01-02T00:00:00',
      '01:02:03',
      '1.10',
      '12345678-1234-5678-1234-567812345678',
    ]);
  });

  it('shares zlib streams', async () => {
    expect(answer.inflated).toEqual([toBase64(Buffer.from('hello'))]);
    const [deflated = ''] = answer.deflated;
    expect(
      Buffer.from(
        await decompress(fromBase64(deflated), 'application/x-gzip', { budget: BUDGET }),
      ).toString(),
    ).toBe('hello');
  });

  it('prints values as Celery’s saferepr does', () => {
    // Python prints more than our values know: kinds of zone, classes, ids of objects.
    const alike = Object.keys(SHARED).filter((name) => !name.startsWith('time offset'));
    for (const name of alike) {
      expect(pythonRepr(SHARED[name]), name).toBe(answer.reprs[name]);
      expect(pythonRepr(SHARED[name], { maxLength: 20 }), name).toBe(answer['short reprs'][name]);
    }
    for (const [name, { write }] of Object.entries(PICKLE_ONLY)) {
      if (['tuple keys', 'set of tuples'].includes(name)) continue; // Arrays here, tuples there.
      expect(pythonRepr(write), name).toBe(answer.reprs[name]);
    }
    expect(argsRepr([1, 2, 3, 'x'])).toBe(answer.reprs['four tuple']);
  });

  it('refuses what Python’s JSON has no form for, as Python does', () => {
    for (const name of ['set', 'timedelta']) {
      expect(answer.jsons[name]).toHaveProperty('error');
      let error: unknown;
      try {
        json.encode(PICKLE_ONLY[name]?.write);
      } catch (thrown) {
        error = thrown;
      }
      expect(hasCode(error, 'ENCODE_FAILED')).toBe(true);
    }
  });
});
