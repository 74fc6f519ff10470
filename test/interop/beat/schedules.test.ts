import { describe, expect, test } from 'vitest';
import {
  crontab,
  every,
  type Schedule,
  SOLAR_EVENTS,
  solar,
  timetableOf,
} from '../../../src/beat/schedules/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { askPython, type Question } from './ask-python.js';

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe', // half an hour of summer time
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Casablanca',
  'America/Santiago', // set at midnight
  'Pacific/Apia',
];
/** Hours around which clocks are set in those zones. */
const CHANGES = ['2026-03-08T07:00Z', '2026-11-01T06:00Z', '2026-03-29T01:00Z', '2026-10-25T01:00Z']
  .concat(['2026-04-04T15:00Z', '2026-10-03T15:30Z', '2026-09-06T04:00Z', '2026-04-05T03:00Z'])
  .map((text) => Date.parse(text));

/** Numbers that are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

const DAYS = ['sun', 'mon', 'tuesday', 'Wed', 'thu', 'fri', 'sat'];

function spec(pick: (below: number) => number, min: number, max: number): string | number | number[] {
  const value = (): number => min + pick(max - min + 1);
  const forms = [
    () => '*',
    () => '*',
    () => `*/${1 + pick(max)}`,
    () => value(),
    () => `${value()}-${value()}`,
    () => `${value()}-${value()}/${1 + pick(6)}`,
    () => `${value()},${value()},${value()}`,
    () => [value(), value()],
    () => (max === 6 ? `${DAYS[pick(7)]}-${DAYS[pick(7)]}` : `${value()}`),
  ];
  return (forms[pick(forms.length)] as () => string | number | number[])();
}

function crontabs(count: number): readonly Question[] {
  const pick = random(7);
  return Array.from({ length: count }, () => {
    const near =
      pick(2) === 0 ? (CHANGES[pick(CHANGES.length)] as number) : Date.UTC(2024, pick(36), 1 + pick(31));
    const last = near + (pick(2 * 36 * 3600) - 36 * 3600) * 1000 + pick(1000);
    const schedule = {
      type: 'crontab',
      minute: spec(pick, 0, 59),
      hour: spec(pick, 0, 23),
      day_of_week: pick(3) === 0 ? spec(pick, 0, 6) : '*',
      day_of_month: pick(3) === 0 ? spec(pick, 1, 31) : '*',
      month_of_year: pick(4) === 0 ? spec(pick, 1, 12) : '*',
    };
    const now = last + [0, 59_000, 3_600_000, 86_400_000, 40 * 86_400_000][pick(5)]! + pick(3_600_000);
    const zone = ZONES[pick(ZONES.length)] as string;
    return { schedule, zone, last, now, ...(pick(4) === 0 && { deadline: 60 * pick(3000) }) };
  });
}

const asked = async (question: Question) => {
  const table = await timetableOf(question.schedule as unknown as Schedule, question.zone);
  return { table, next: table.next(question.last) ?? Number.NaN };
};

const absent = celeryPython() === undefined;

describe.skipIf(absent)(`schedules beside Python's${absent ? ` (${NO_PYTHON})` : ''}`, () => {
  test('6,000 crontabs are due when Celery says so', { timeout: 120_000 }, async () => {
    const questions = crontabs(6000);
    const answers = askPython(questions);
    let compared = 0;
    for (const [at, question] of questions.entries()) {
      const answer = answers[at]!;
      if (answer.error !== undefined) {
        expect(() => crontab(question.schedule), JSON.stringify(question)).toThrow(/crontab/);
        continue;
      }
      const { table, next } = await asked(question);
      const theirs = question.now + answer.remaining;
      expect(next).toBeGreaterThan(question.last);
      // In the second pass of a repeated hour Celery goes back to the first, and is due without end.
      if (theirs <= question.last) continue;
      compared += 1;
      expect(new Date(next).toISOString(), JSON.stringify(question)).toBe(new Date(theirs).toISOString());
      const { deadline } = question;
      const tooLate =
        deadline !== undefined && table.next(question.now - deadline * 1000 - 1)! > question.now;
      const due = next <= question.now && !tooLate;
      expect(due, JSON.stringify(question)).toBe(answer.due);
      const then = next <= question.now ? table.next(question.now)! - question.now : next - question.now;
      if (answer.then > 0) expect(then, JSON.stringify(question)).toBe(answer.then);
    }
    expect(compared).toBeGreaterThan(5500);
  });

  test('intervals, relative ones too', async () => {
    const pick = random(11);
    const lengths = [1, 7, 30, 60, 90, 900, 3600, 5400, 7200, 43_200, 86_400, 90_000, 7 * 86_400];
    const questions = Array.from({ length: 3000 }, () => {
      const near = CHANGES[pick(CHANGES.length)] as number;
      const last = near + (pick(2 * 30 * 3600) - 30 * 3600) * 1000 + pick(1000);
      const schedule = { ...every(lengths[pick(lengths.length)] as number, { relative: pick(4) > 0 }) };
      return { schedule: { ...schedule }, zone: ZONES[pick(ZONES.length)] as string, last, now: last };
    });
    for (const [at, answer] of askPython(questions).entries()) {
      const question = questions[at]!;
      const { next } = await asked(question);
      expect(next - question.now, JSON.stringify(question)).toBe(answer.remaining);
    }
  });

  test('the sun, within 6 seconds, polar days and nights too', { timeout: 60_000 }, async () => {
    const places = [
      [0, 0],
      [52.5, 13.4],
      [-33.9, 151.2],
      [64.1, -21.9],
      [78.2, 15.6],
      [-77.8, 166.7],
    ] as const;
    const questions = places.flatMap(([lat, lon]) =>
      SOLAR_EVENTS.flatMap((event) =>
        Array.from({ length: 12 }, (_, month) => Date.UTC(2026, month, 3, 5, 17)).map((last) => ({
          schedule: { ...solar(event, lat, lon) },
          zone: 'UTC',
          last,
          now: last,
        })),
      ),
    );
    for (const [at, answer] of askPython(questions).entries()) {
      const question = questions[at]!;
      const { next } = await asked(question);
      const apart = Math.abs(next - question.last - answer.remaining);
      expect(apart, JSON.stringify(question)).toBeLessThan(6000);
    }
  });

  test('what Celery refuses is refused, saying which field', () => {
    const refused = [
      { minute: '60' },
      { minute: '-1' },
      { minute: '*/' },
      { minute: '1-5/' },
      { minute: '1,,2' },
      { minute: '' },
      { minute: '5/2' },
      { minute: '*5' },
      { minute: '*/x' },
      { minute: '1-5/0' },
      { hour: 24 },
      { hour: 'noon' },
      { day_of_week: 7 },
      { day_of_week: '0-7' },
      { day_of_month: 0 },
      { day_of_month: '32' },
      { month_of_year: 13 },
      { month_of_year: 'xyz' },
      { day_of_month: 31, month_of_year: '2,4' },
      { minute: 2.5 },
      { minute: [61] },
    ];
    const questions = refused.map((fields) => ({
      schedule: { type: 'crontab', ...fields },
      zone: 'UTC',
      last: 0,
      now: 0,
    }));
    for (const [at, answer] of askPython(questions).entries()) {
      const fields = refused[at]!;
      expect(answer.error, JSON.stringify(fields)).toBeDefined();
      expect(() => crontab(fields as Parameters<typeof crontab>[0]), JSON.stringify(fields)).toThrow(
        new RegExp(`crontab: ${Object.keys(fields)[0]}`),
      );
    }
  });
});
