import { describe, expect, it } from 'vitest';
import { parseLiteral } from '../../../src/toolbox/literals.js';

describe('parseLiteral', () => {
  it.each<[string, unknown]>([
    ['{"a": [1, true, null]}', { a: [1, true, null] }],
    ["{'a': (1, True, None), }", { a: [1, true, null] }],
    ["('x',)", ['x']],
    ["('x')", 'x'],
    ['()', []],
    ["{'a', 'b'}", ['a', 'b']],
    ['{}', {}],
    ['-1.5e3', -1500],
    ['0x1F', 31],
    ['1_000', 1000],
    ['99999999999999999999', 99999999999999999999],
    ['+99999999999999999999', 99999999999999999999n],
    [String.raw`'it\'s \u00e9\n'`, "it's é\n"],
    ['{1: 2}', { 1: 2 }],
    ['  [ ]  ', []],
  ])('reads %s', (text, value) => {
    expect(parseLiteral(text)).toEqual(value);
  });

  it.each([
    '[1',
    "['a' 'b']",
    '{1: }',
    '__import__("os")',
    '',
    "'open",
    '[1,,2]',
    '{1 2}',
    '1 2',
    '['.repeat(100),
  ])('refuses %s', (text) => {
    expect(() => parseLiteral(text)).toThrow(SyntaxError);
  });
});
