import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pieces, seen } from '../../../web/format/foreign.js';
import { pythonLiteral, shellWord } from '../../../web/format/python.js';

describe('a value as Python writes it', () => {
  it.each([
    [null, 'None'],
    [[true, 1.5], '[True, 1.5]'],
    [{ "it's": 'a "quote"\n' }, `{'it\\'s': 'a "quote"\\n'}`],
    [{ $type: 'bytes', value: '00ff' }, "bytes.fromhex('00ff')"],
    [{ $type: 'tuple', value: [1] }, '(1,)'],
    [{ $type: 'os.system("x")', value: 1 }, 'os.system__x__(1)'],
  ])('%j', (value, literal) => {
    expect(pythonLiteral(value)).toBe(literal);
  });
});

it('a word of the shell arrives as it was', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
      (text) => {
        expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
      },
    ),
    { numRuns: 30 },
  );
});

it('characters that turn or hide text are told by their names', () => {
  expect(pieces('plain\ttext\n')).toEqual(['plain\ttext\n']);
  expect(pieces('a\u202Eb\u0000')).toEqual([
    'a',
    { name: 'RLO', code: 'U+202E' },
    'b',
    { name: 'U+0000', code: 'U+0000' },
  ]);
  expect(seen('a\u2066b')).toBe('a⟨LRI⟩b');
});
