import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIsoTime, toIsoTime } from '../../../src/app/index.js';

describe('times of messages', () => {
  const moment = Date.UTC(2026, 10, 23, 0, 40, 29);

  it.each([
    ['2026-11-23T00:40:29.455250+00:00', moment + 455.25],
    ['2026-11-23T00:40:29+00:00', moment],
    ['2026-11-23T00:40:29', moment],
    ['2026-11-23T00:40:29Z', moment],
    ['2026-11-23T00:40:29.455z', moment + 455],
    ['2026-11-23 00:40:29,5', moment + 500],
    ['20261123T004029Z', moment],
    ['20261123T004029.25+0530', moment + 250 - 330 * 60_000],
    ['2026-11-22T20:40:29-04', moment],
    ['2026-11-23T24:00', Date.UTC(2026, 10, 24)],
    ['2026-11-23', Date.UTC(2026, 10, 23)],
    ['2026-11', Date.UTC(2026, 10, 1)],
    ['2026', Date.UTC(2026, 0, 1)],
    ['2024-02-29T00:00', Date.UTC(2024, 1, 29)],
    ['0099-01-01T00:00:00', new Date('0099-01-01T00:00:00Z').getTime()],
  ])('reads %s', (text, expected) => {
    expect(parseIsoTime(text)).toBe(expected);
  });

  it.each([
    '',
    'tomorrow',
    '2026-13-01',
    '2026-02-29',
    '2026-11-23T25:00',
    '2026-11-23T24:01',
    '2026-11-23T00:60',
    '2026-11-23T00:00:60',
    '2026-11-23T00:00+25:00',
    '2026-11-23T00:00+00:60',
    '26-11-23',
    '2026-1-1',
    '1763858429',
    '2026-11-23T00:40:29 UTC',
  ])('refuses %j', (text) => {
    expect(parseIsoTime(text)).toBeUndefined();
  });

  it('writes what Python writes, and reads it back', () => {
    expect(toIsoTime(moment)).toBe('2026-11-23T00:40:29+00:00');
    expect(toIsoTime(moment + 7)).toBe('2026-11-23T00:40:29.007000+00:00');
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        expect(parseIsoTime(toIsoTime(date.getTime()))).toBe(date.getTime());
      }),
    );
  });
});
