import type * as Astronomy from 'astronomy-engine';
import { ToolboxError } from '../../base/index.js';
import type { SolarEvent, SolarSchedule, Timetable } from './schedule.js';

const RISING = 1;
const SETTING = -1;
/** Days searched for what does not happen every day: sunrise in polar night, say. */
const SEARCHED_DAYS = 366;

/** Direction of the sun and its centre's height in degrees; without a height, its upper edge on the horizon. */
const EVENTS: Readonly<Record<Exclude<SolarEvent, 'solar_noon'>, readonly [number, number?]>> = {
  dawn_astronomical: [RISING, -18],
  dawn_nautical: [RISING, -12],
  dawn_civil: [RISING, -6],
  sunrise: [RISING],
  sunset: [SETTING],
  dusk_civil: [SETTING, -6],
  dusk_nautical: [SETTING, -12],
  dusk_astronomical: [SETTING, -18],
};

/** @throws DRIVER_MISSING */
export async function solarTimetable(schedule: SolarSchedule): Promise<Timetable> {
  const astronomy = await loadAstronomy();
  const { Body, Observer, SearchAltitude, SearchHourAngle, SearchRiseSet } = astronomy;
  const { event, lat, lon } = schedule;
  const observer = new Observer(lat, lon, 0);
  const search = (start: Date): Astronomy.AstroTime | null => {
    if (event === 'solar_noon') return SearchHourAngle(Body.Sun, observer, 0, start).time;
    const [direction, height] = EVENTS[event];
    return height === undefined
      ? SearchRiseSet(Body.Sun, observer, direction, start, SEARCHED_DAYS)
      : SearchAltitude(Body.Sun, observer, direction, start, SEARCHED_DAYS, height);
  };
  return {
    next: (after) => {
      // Asked for the time of an event itself, a search may find that same event again.
      for (let start = after; start < after + 3_600_000; start += 60_000) {
        const found = search(new Date(start))?.date.getTime();
        if (found === undefined) return undefined;
        if (found > after + 1000) return Math.round(found / 1000) * 1000;
      }
      return undefined;
    },
  };
}

async function loadAstronomy(): Promise<typeof Astronomy> {
  try {
    return await import('astronomy-engine');
  } catch (error) {
    throw new ToolboxError(
      'DRIVER_MISSING',
      'solar schedules need the package astronomy-engine: npm install astronomy-engine',
      { cause: error, fields: { package: 'astronomy-engine' } },
    );
  }
}
