import { describe, expect, test } from 'vitest';
import { type BeatEntry, readEntry } from '../../../src/beat/entries/index.js';
import { plan } from '../../../src/beat/plan.js';
import { timetableOf } from '../../../src/beat/schedules/index.js';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

/** The plan for an entry whose runs are dealt with until `cursor`. */
async function planned(
  entry: Partial<BeatEntry>,
  cursor: number | null,
  now: number,
  context: { timezone?: string; cronDeadline?: number; of?: string } = {},
) {
  const { timezone = 'UTC', cronDeadline = null, of = timezone } = context;
  const read = readEntry('e', { task: 't', schedule: '*/10 * * * *', ...entry });
  const timetable = await timetableOf(read.schedule, timezone);
  return plan(read, { cursor, timezone: of, pending: null }, timetable, { now, timezone, cronDeadline });
}

describe('an entry', () => {
  test('that is new begins now: an interval fires after one full period', async () => {
    expect(await planned({ schedule: 30 }, null, NOON)).toEqual({ kind: 'begin', cursor: NOON });
    expect(await planned({ schedule: 30 }, NOON, NOON)).toEqual({ kind: 'wait', until: NOON + 30_000 });
  });

  test('keeps its rhythm however late the look is', async () => {
    const due = { kind: 'send', tick: NOON + 30_000, cursor: NOON + 30_000 };
    expect(await planned({ schedule: 30 }, NOON, NOON + 30_000)).toEqual(due);
    expect(await planned({ schedule: 30 }, NOON, NOON + 59_000)).toEqual(due);
  });

  test('that missed runs sends one and begins anew', async () => {
    const now = NOON + 95_000;
    expect(await planned({ schedule: 30 }, NOON, now)).toEqual({
      kind: 'send',
      tick: NOON + 30_000,
      cursor: now,
    });
    const week = NOON + 7 * 86_400_000;
    expect(await planned({}, NOON, week)).toMatchObject({ kind: 'send', cursor: week });
  });

  test('with skip sends no missed run', async () => {
    const skip = { catch_up: 'skip' } as const;
    const now = NOON + 25 * MINUTE;
    expect(await planned(skip, NOON, now)).toEqual({ kind: 'skip', tick: NOON + 10 * MINUTE, cursor: now });
    expect(await planned(skip, NOON, NOON + 12 * MINUTE)).toMatchObject({ kind: 'skip' });
    expect(await planned(skip, NOON, NOON + 10 * MINUTE + 500)).toMatchObject({ kind: 'send' });
  });

  test('with all sends every missed run, oldest first, as far back as its deadline', async () => {
    const all = { catch_up: 'all' } as const;
    const now = NOON + 35 * MINUTE;
    let cursor = NOON;
    const ticks: number[] = [];
    for (;;) {
      const next = await planned(all, cursor, now);
      if (next.kind !== 'send') break;
      ticks.push((next.tick - NOON) / MINUTE);
      cursor = next.cursor;
    }
    expect(ticks).toEqual([10, 20, 30]);
    expect(await planned({ ...all, starting_deadline: 600 }, NOON, now)).toMatchObject({
      tick: NOON + 30 * MINUTE,
    });
    expect(await planned(all, NOON, NOON + 125 * MINUTE)).toMatchObject({ tick: NOON + 70 * MINUTE });
  });

  test('later than beat_cron_starting_deadline is not sent', async () => {
    const now = NOON + 15 * MINUTE;
    const options = { cronDeadline: 240 };
    expect(await planned({}, NOON, now, options)).toEqual({
      kind: 'skip',
      tick: NOON + 10 * MINUTE,
      cursor: now,
    });
    expect(await planned({ schedule: 600 }, NOON, now, options)).toMatchObject({ kind: 'send' });
    expect(await planned({}, NOON, now, { cronDeadline: 301 })).toMatchObject({ kind: 'send' });
  });

  test('that is disabled lets its times pass', async () => {
    const now = NOON + 10 * MINUTE;
    expect(await planned({ enabled: false }, NOON, now)).toEqual({ kind: 'skip', tick: now, cursor: now });
  });

  test('begins anew in another time zone, unless it has its own', async () => {
    const moved = { timezone: 'Europe/Berlin', of: 'UTC' };
    expect(await planned({}, NOON, NOON + 5 * MINUTE, moved)).toMatchObject({ kind: 'begin' });
    const own = {
      schedule: {
        type: 'crontab',
        minute: 0,
        hour: 4,
        day_of_week: '*',
        day_of_month: '*',
        month_of_year: '*',
        timezone: 'Asia/Tokyo',
      },
    } as const;
    expect(await planned(own, NOON, NOON + 1, moved)).toEqual({
      kind: 'wait',
      until: Date.UTC(2026, 5, 1, 19),
    });
    expect(await planned({ schedule: 30 }, NOON, NOON, moved)).toMatchObject({ kind: 'wait' });
  });

  test('is not stopped by a clock that was set back, and repeats nothing', async () => {
    const earlier = NOON - 3_600_000;
    expect(await planned({ schedule: 30 }, NOON, earlier)).toEqual({ kind: 'begin', cursor: earlier });
    expect(await planned({}, NOON, earlier)).toEqual({ kind: 'wait', until: NOON + 10 * MINUTE });
  });

  test('that happens once happens once, also when it was written down late', async () => {
    const clocked = { schedule: { type: 'clocked', at: new Date(NOON).toISOString() } } as const;
    expect(await planned(clocked, null, NOON + 500)).toEqual({ kind: 'begin', cursor: 0 });
    expect(await planned(clocked, 0, NOON - 1)).toEqual({ kind: 'wait', until: NOON });
    expect(await planned(clocked, 0, NOON + 500)).toEqual({ kind: 'send', tick: NOON, cursor: NOON });
    expect(await planned(clocked, NOON, NOON + 500)).toEqual({ kind: 'wait', until: undefined });
  });
});

describe('what cannot be read', () => {
  test.each([
    [{ schedule: 5 }, /entry "e": task: expected the name of a task/],
    [{ task: 't' }, /entry "e": schedule: expected seconds/],
    [{ task: 't', schedule: 0 }, /interval 0: expected a number of seconds, more than 0/],
    [{ task: 't', schedule: '* * * *' }, /expected five fields/],
    [{ task: 't', schedule: '61 * * * *' }, /crontab: minute "61": 61 is outside of 0-59/],
    [{ task: 't', schedule: { type: 'solar', event: 'noon', lat: 0, lon: 0 } }, /solar: event "noon"/],
    [{ task: 't', schedule: { type: 'clocked', at: '2026-01-01 09:00' } }, /expected a time with its zone/],
    [{ task: 't', schedule: 5, args: 'x' }, /args: expected a list/],
    [{ task: 't', schedule: 5, catch_up: 'none' }, /catch_up: expected one of once, skip, all/],
    [{ task: 't', schedule: 5, shedule: 6 }, /shedule/],
    ['often', /expected an object/],
  ])('%j is named', (given, message) => {
    expect(() => readEntry('e', given)).toThrow(message);
  });
});
