import { ToolboxError } from '../../base/index.js';

/** A date and time of day in some zone, written as the instant UTC would have there: milliseconds since 1970. */
export type WallTime = number;

/**
 * The one place that knows time zones: what an instant reads on the wall, and when a wall shows a time. Everything else
 * reckons with numbers.
 */
export interface Zone {
  readonly name: string;
  wallAt(instant: number): WallTime;
  /**
   * When the wall shows that time, as Python's zoneinfo answers: of a time shown twice the first or the second (`fold`);
   * of a time left out, what it would be had the clock not been set (`fold` 0), or had it been set before (1).
   */
  instantOf(wall: WallTime, fold?: 0 | 1): number;
  /** True when the clock was set past that time. */
  leavesOut(wall: WallTime): boolean;
}

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
/** Offsets kept for a zone; a schedule looks at the same few days again and again. */
const KEPT_OFFSETS = 4096;

const utc: Zone = {
  name: 'UTC',
  wallAt: (instant) => instant,
  instantOf: (wall) => wall,
  leavesOut: () => false,
};

const zones = new Map<string, Zone>([['UTC', utc]]);

/** @throws CONFIG_INVALID for a name that is no IANA time zone. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = makeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** The zone this machine is set to. */
export const localZoneName = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

function makeZone(name: string): Zone {
  const offsetAt = offsets(name);
  const wallAt = (instant: number): WallTime => instant + offsetAt(instant);
  /** The offsets before and after whatever happens to the clock around that time. */
  const around = (wall: WallTime): readonly [before: number, after: number] => [
    offsetAt(wall - DAY_MS),
    offsetAt(wall + DAY_MS),
  ];
  const shows = (instant: number, wall: WallTime): boolean => wallAt(instant) === wall;
  return {
    name,
    wallAt,
    instantOf: (wall, fold = 0) => {
      const [before, after] = around(wall);
      if (before === after) return wall - before;
      const [first, second] = [wall - before, wall - after];
      const [firstShows, secondShows] = [shows(first, wall), shows(second, wall)];
      if (firstShows !== secondShows) return firstShows ? first : second;
      return fold === 0 ? first : second;
    },
    leavesOut: (wall) => around(wall).every((offset) => !shows(wall - offset, wall)),
  };
}

/** The zone's distance from UTC at an instant, in milliseconds. Clocks are set at quarters of an hour. */
function offsets(name: string): (instant: number) => number {
  const format = formatter(name);
  const kept = new Map<number, number>();
  return (instant) => {
    const quarter = Math.floor(instant / QUARTER_MS);
    let offset = kept.get(quarter);
    if (offset === undefined) {
      if (kept.size >= KEPT_OFFSETS) kept.clear();
      offset = wallOf(format, quarter * QUARTER_MS) - quarter * QUARTER_MS;
      kept.set(quarter, offset);
    }
    return offset;
  };
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric';
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch (error) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      `${JSON.stringify(timeZone)} is no time zone: expected an IANA name such as Europe/Berlin`,
      { cause: error, fields: { timezone: timeZone } },
    );
  }
}

function wallOf(format: Intl.DateTimeFormat, instant: number): WallTime {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
