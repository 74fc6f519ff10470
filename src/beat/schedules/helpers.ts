import { ToolboxError } from '../../base/index.js';
import type { CronSpec } from './cron-field.js';
import { crontabTimetable } from './crontab-timetable.js';
import {
  type ClockedSchedule,
  type CrontabSchedule,
  type IntervalSchedule,
  SOLAR_EVENTS,
  type SolarEvent,
  type SolarSchedule,
} from './schedule.js';
import { zoneOf } from './zone.js';

export interface CrontabFields {
  /** 0-59. */
  readonly minute?: CronSpec;
  /** 0-23. */
  readonly hour?: CronSpec;
  /** 0-6 from Sunday, or names. */
  readonly day_of_week?: CronSpec;
  /** 1-31. */
  readonly day_of_month?: CronSpec;
  /** 1-12, or names. */
  readonly month_of_year?: CronSpec;
  /** IANA name. Default: the app's. */
  readonly timezone?: string;
}

/**
 * At times of the wall clock, to the minute. A field left out has every value; day of month, month and day of week must
 * all fit. Text is `minute hour day_of_month month_of_year day_of_week`, as Celery's `crontab.from_string`.
 *
 * @throws CONFIG_INVALID
 */
export function crontab(fields: CrontabFields | string = {}): CrontabSchedule {
  const given = typeof fields === 'string' ? fromText(fields) : fields;
  const schedule: CrontabSchedule = {
    type: 'crontab',
    minute: plain(given.minute),
    hour: plain(given.hour),
    day_of_week: plain(given.day_of_week),
    day_of_month: plain(given.day_of_month),
    month_of_year: plain(given.month_of_year),
    ...(given.timezone !== undefined && { timezone: given.timezone }),
  };
  crontabTimetable(schedule, zoneOf(given.timezone ?? 'UTC'));
  return schedule;
}

const plain = (spec: CronSpec = '*'): CronSpec => (spec instanceof Set ? [...spec] : spec);

function fromText(text: string): CrontabFields {
  const fields = text.split(' ');
  const [minute = '', hour = '', day_of_month = '', month_of_year = '', day_of_week = ''] = fields;
  if (fields.length === 5) return { minute, hour, day_of_month, month_of_year, day_of_week };
  throw invalid(
    `crontab ${JSON.stringify(text)}: expected five fields with one space between them: minute hour day_of_month month_of_year day_of_week`,
  );
}

/** Every so many seconds. @throws CONFIG_INVALID */
export function every(seconds: number, { relative }: { readonly relative?: boolean } = {}): IntervalSchedule {
  if (!Number.isFinite(seconds) || seconds <= 0) {
    throw invalid(`interval ${String(seconds)}: expected a number of seconds, more than 0`);
  }
  return { type: 'interval', every: seconds, ...(relative && { relative }) };
}

/** What the sun does at a place. Needs the package `astronomy-engine`. @throws CONFIG_INVALID */
export function solar(event: SolarEvent, lat: number, lon: number): SolarSchedule {
  if (!SOLAR_EVENTS.includes(event)) {
    throw invalid(`solar: event ${JSON.stringify(event)}: expected one of ${SOLAR_EVENTS.join(', ')}`);
  }
  if (!(Math.abs(lat) <= 90)) throw invalid(`solar: latitude ${String(lat)} is outside of -90..90`);
  if (!(Math.abs(lon) <= 180)) throw invalid(`solar: longitude ${String(lon)} is outside of -180..180`);
  return { type: 'solar', event, lat, lon };
}

/** Once. @param at A Date, or ISO text with a zone. @throws CONFIG_INVALID */
export function clocked(at: Date | string): ClockedSchedule {
  const instant = at instanceof Date ? at.getTime() : /(Z|[+-]\d\d:?\d\d)$/.test(at) ? Date.parse(at) : NaN;
  if (!Number.isNaN(instant)) return { type: 'clocked', at: new Date(instant).toISOString() };
  throw invalid(`clocked ${String(at)}: expected a time with its zone, such as 2026-12-01T09:00:00Z`);
}

const invalid = (message: string): ToolboxError => new ToolboxError('CONFIG_INVALID', message);
