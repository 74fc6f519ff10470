import { TimeDelta, ToolboxError } from '../../base/index.js';
import { clocked, crontab, every, type Schedule, type SolarSchedule, solar } from '../schedules/index.js';

/**
 * A schedule as configured or stored: seconds, a crontab as text, or the data that `crontab`, `every`, `solar` and
 * `clocked` make.
 *
 * @throws CONFIG_INVALID
 */
export function readSchedule(given: unknown, relative = false): Schedule {
  if (typeof given === 'number') return every(given, { relative });
  if (given instanceof TimeDelta) return every(given.milliseconds / 1000, { relative });
  if (typeof given === 'string') return crontab(given);
  if (typeof given === 'object' && given !== null && 'type' in given) {
    const data = given as Record<string, unknown> & { type: unknown };
    const read = READERS[String(data.type)];
    if (read !== undefined) return read(data, relative);
  }
  throw new ToolboxError(
    'CONFIG_INVALID',
    'schedule: expected seconds, a crontab such as "0 4 * * *", or an object whose type is interval, crontab, solar or clocked',
  );
}

const READERS: Readonly<Record<string, (data: Record<string, unknown>, relative: boolean) => Schedule>> = {
  interval: ({ every: seconds, relative }, given) =>
    every(seconds as number, { relative: given || relative === true }),
  crontab: ({ type: _type, ...fields }) => crontab(fields),
  solar: ({ event, lat, lon }) => {
    const { event: known, lat: north, lon: east } = { event, lat, lon } as SolarSchedule;
    return solar(known, north, east);
  },
  clocked: ({ at }) => clocked(at as string),
};
