import type { CronSpec } from './cron-field.js';

/** Every so many seconds. */
export interface IntervalSchedule {
  readonly type: 'interval';
  /** Seconds, more than 0. */
  readonly every: number;
  /** Runs at round times of its unit (day, hour, minute) in the app's time zone, as Celery's `relative`. Default false. */
  readonly relative?: boolean;
}

/** At times of the wall clock; Celery's `crontab`. Day of month, month and day of week must all fit. */
export interface CrontabSchedule {
  readonly type: 'crontab';
  readonly minute: CronSpec;
  readonly hour: CronSpec;
  readonly day_of_week: CronSpec;
  readonly day_of_month: CronSpec;
  readonly month_of_year: CronSpec;
  /** IANA name; the app's time zone unless given. */
  readonly timezone?: string;
}

/** What the sun does at a place; Celery's `solar`. */
export interface SolarSchedule {
  readonly type: 'solar';
  readonly event: SolarEvent;
  /** Degrees, north positive. */
  readonly lat: number;
  /** Degrees, east positive. */
  readonly lon: number;
}

/** Once; django-celery-beat's `clocked`. */
export interface ClockedSchedule {
  readonly type: 'clocked';
  /** ISO text with a zone. */
  readonly at: string;
}

/** When an entry is due: plain data, as it is kept in stores. */
export type Schedule = IntervalSchedule | CrontabSchedule | SolarSchedule | ClockedSchedule;

export const SOLAR_EVENTS = [
  'dawn_astronomical',
  'dawn_nautical',
  'dawn_civil',
  'sunrise',
  'solar_noon',
  'sunset',
  'dusk_civil',
  'dusk_nautical',
  'dusk_astronomical',
] as const;

export type SolarEvent = (typeof SOLAR_EVENTS)[number];

/** A schedule ready to be asked. Pure: the same question has the same answer, whatever time it is. */
export interface Timetable {
  /** The first time after that instant (milliseconds since 1970); undefined: never again. */
  next(after: number): number | undefined;
}
