import { ToolboxError } from '../../base/index.js';
import { type CronField, expandCronSpec } from './cron-field.js';
import type { CrontabSchedule, Timetable } from './schedule.js';
import type { WallTime, Zone } from './zone.js';

const MINUTE: CronField = { name: 'minute', min: 0, max: 59 };
const HOUR: CronField = { name: 'hour', min: 0, max: 23 };
const DAY_OF_WEEK: CronField = { name: 'day_of_week', min: 0, max: 6 };
const DAY_OF_MONTH: CronField = { name: 'day_of_month', min: 1, max: 31 };
const MONTH_OF_YEAR: CronField = { name: 'month_of_year', min: 1, max: 12 };

const DAY_MS = 86_400_000;
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** 28 years hold every pair of date and weekday, 29 February too; 12 more for a century without a leap day. */
const SEARCHED_DAYS = 40 * 366;

interface Fields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
}

/** @throws CONFIG_INVALID when a field cannot be read, or no day fits all of them. */
export function crontabTimetable(crontab: CrontabSchedule, zone: Zone): Timetable {
  const fields = fieldsOf(crontab);
  return {
    next: (after) => {
      const wall = zone.wallAt(after);
      const found = nextWall(fields, wall);
      if (found === undefined) return undefined;
      const instant = zone.instantOf(found);
      if (instant > after) return instant;
      // Within an hour that is shown twice, in its second pass: what is left of it counts, what was passed does not return.
      return zone.instantOf(found, 1);
    },
  };
}

function fieldsOf(crontab: CrontabSchedule): Fields {
  const { day_of_month: day, month_of_year: month } = crontab;
  const days = expandCronSpec(day, DAY_OF_MONTH);
  const months = expandCronSpec(month, MONTH_OF_YEAR);
  if (!months.some((one) => (days[0] ?? 0) <= (LONGEST_MONTHS[one - 1] ?? 0))) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      `crontab: day_of_month ${JSON.stringify(day)} never occurs in month_of_year ${JSON.stringify(month)}`,
      { fields: { field: 'day_of_month' } },
    );
  }
  return {
    minutes: expandCronSpec(crontab.minute, MINUTE),
    hours: expandCronSpec(crontab.hour, HOUR),
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(expandCronSpec(crontab.day_of_week, DAY_OF_WEEK)),
  };
}

/** The first fitting time of the wall clock after the minute of `wall`. */
function nextWall(fields: Fields, wall: WallTime): WallTime | undefined {
  const today = Math.floor(wall / DAY_MS) * DAY_MS;
  const minuteOfDay = Math.floor((wall - today) / 60_000);
  const later = fits(fields, today) ? laterToday(fields, minuteOfDay) : undefined;
  if (later !== undefined) return today + later * 60_000;
  const first = ((fields.hours[0] ?? 0) * 60 + (fields.minutes[0] ?? 0)) * 60_000;
  for (let day = today + DAY_MS, left = SEARCHED_DAYS; left > 0; left -= 1) {
    if (fits(fields, day)) return day + first;
    day = fields.months.has(new Date(day).getUTCMonth() + 1) ? day + DAY_MS : firstOfNextMonth(day);
  }
  return undefined;
}

function laterToday({ hours, minutes }: Fields, minuteOfDay: number): number | undefined {
  const hour = Math.floor(minuteOfDay / 60);
  const minute = hours.includes(hour) ? minutes.find((one) => one > minuteOfDay % 60) : undefined;
  if (minute !== undefined) return hour * 60 + minute;
  const nextHour = hours.find((one) => one > hour);
  return nextHour === undefined ? undefined : nextHour * 60 + (minutes[0] ?? 0);
}

function fits({ days, months, weekdays }: Fields, day: WallTime): boolean {
  const date = new Date(day);
  return months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && weekdays.has(date.getUTCDay());
}

function firstOfNextMonth(day: WallTime): WallTime {
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
