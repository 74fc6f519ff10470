import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseIsoTime } from '../../../src/app/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';

const DATES = [
  '2026-11-23',
  '20261123',
  '2024-02-29',
  '2023-02-29',
  '2000-02-29',
  '1900-02-29',
  '9999-12-31',
  '0001-01-01',
  '2026-12-31',
  '2026-13-01',
  '2026-04-31',
  '1969-12-31',
];
const TIMES = [
  '',
  'T00:40:29',
  'T23:59:59.999999',
  'T24:00',
  'T24:01',
  'T004029',
  ' 07:08',
  'T07',
  'T00:00:60',
  'T00:40:29,5',
];
const ZONES = ['', 'Z', '+00:00', '-05:00', '+0530', '+14:00', '-12', '+25:00'];
const ODD = [
  '2026-W48',
  '2026-W48-1',
  '2026W481',
  '2020-W53-7T12:00Z',
  '2026-W54-1',
  'tomorrow',
  '2026',
  '2026-11',
  '2026-1-1',
  '26-11-23',
  '2026-11-23T',
  '2026-11-23T1:2:3',
  '2026-11-23T00:40:29.123456789+00:00',
  '2026-11-23T00:40:29.1+00:00',
  '2026-11-23T00:40:29+0',
  '2026-11-23T00:40:29 +00:00',
  '2026-11-23T00:40:29+00:00Z',
  ' 2026-11-23',
  '2026-11-23 ',
  '10000-01-01',
  '-2026-01-01',
  '1795394429',
  '1795394429.5',
  'null',
];

/** 200 of them and more: dates, times of day and zones in the forms that are met, and in those that are not. */
const CASES = [
  ...DATES.flatMap((date) =>
    TIMES.map((time, at) => `${date}${time}${time === '' ? '' : (ZONES[at % ZONES.length] ?? '')}`),
  ),
  ...ZONES.flatMap((zone) =>
    ['2026-11-23T00:40:29', '20261123T0040', '2026-03-29T02:30:00', '2026-11-01T01:30:00'].map(
      (time) => `${time}${zone}`,
    ),
  ),
  ...ZONES.flatMap((zone) =>
    ['9999-12-31T23:59:59', '0001-01-01T00:00:00', '2024-02-29T23:59'].map((time) => `${time}${zone}`),
  ),
  ...ODD,
];

test(`${CASES.length} times of messages are read as Python's workers read them`, (context) => {
  const python = celeryPython();
  if (python === undefined) return context.skip(NO_PYTHON);
  const script = fileURLToPath(new URL('times.py', import.meta.url));
  const theirs = JSON.parse(
    execFileSync(python, [script], { input: JSON.stringify(CASES), encoding: 'utf8' }),
  ) as (number | null)[];
  expect(CASES.length).toBeGreaterThanOrEqual(200);
  const differing = CASES.flatMap((text, at) => {
    const ours = parseIsoTime(text) ?? null;
    const their = theirs[at] ?? null;
    const same = ours === null || their === null ? ours === their : Math.abs(ours - their) < 0.01;
    return same ? [] : [{ text, ours, their }];
  });
  expect(differing).toEqual([]);
});
