export type { CronSpec } from './cron-field.js';
export { type CrontabFields, clocked, crontab, every, solar } from './helpers.js';
export {
  type ClockedSchedule,
  type CrontabSchedule,
  type IntervalSchedule,
  type Schedule,
  SOLAR_EVENTS,
  type SolarEvent,
  type SolarSchedule,
  type Timetable,
} from './schedule.js';
export { timetableOf } from './timetable.js';
export { localZoneName, zoneOf } from './zone.js';
