import { crontabTimetable } from './crontab-timetable.js';
import { intervalTimetable } from './interval-timetable.js';
import type { Schedule, Timetable } from './schedule.js';
import { solarTimetable } from './solar-timetable.js';
import { zoneOf } from './zone.js';

/**
 * Makes a schedule ready to be asked.
 *
 * @param timezone IANA name of the app's time zone.
 * @throws CONFIG_INVALID, DRIVER_MISSING
 */
export async function timetableOf(schedule: Schedule, timezone: string): Promise<Timetable> {
  switch (schedule.type) {
    case 'interval':
      return intervalTimetable(schedule, zoneOf(timezone));
    case 'crontab':
      return crontabTimetable(schedule, zoneOf(schedule.timezone ?? timezone));
    case 'solar':
      return solarTimetable(schedule);
    case 'clocked': {
      const at = Date.parse(schedule.at);
      return { next: (after) => (at > after ? at : undefined) };
    }
  }
}
