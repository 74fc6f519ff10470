import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Decimal, PlainDate } from '../../../src/base/index.js';
import { printJson, shown, table } from '../../../src/cli/output.js';

function json(value: unknown): string {
  const out = new PassThrough();
  printJson({ out, err: out, env: {} }, value);
  return String(out.read());
}

describe('printing data', () => {
  test('values that JSON lacks', () => {
    const value = {
      big: 7n,
      bigger: 2n ** 70n,
      bytes: [new Uint8Array([1, 2]), Buffer.from([1, 2])],
      map: new Map([['a', new Set([1])]]),
      time: new Date(0),
      decimal: new Decimal('1.50'),
      day: [new PlainDate('2026-11-23')],
    };
    expect(JSON.parse(json(value))).toEqual({
      big: 7,
      bigger: '1180591620717411303424',
      bytes: ['AQI=', 'AQI='],
      map: { a: [1] },
      time: '1970-01-01T00:00:00.000Z',
      decimal: '1.50',
      day: ['2026-11-23'],
    });
  });

  test('for people: text as it is, the rest as code shows it', () => {
    expect(shown('two\nlines')).toBe('two\nlines');
    expect(shown(new Decimal('1.50'))).toBe('1.50');
    expect(shown([1, { a: null }])).toBe('[ 1, { a: null } ]');
  });

  test('rows in columns, one line each, also with few cells or none', () => {
    expect(table([['id', 'name'], ['1', 'a\nb'], ['200']])).toBe('id   name\n1    a\ufffdb\n200');
    expect(table([])).toBe('');
  });
});
