import type { IntervalSchedule, Timetable } from './schedule.js';
import type { WallTime, Zone } from './zone.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export function intervalTimetable({ every, relative = false }: IntervalSchedule, zone: Zone): Timetable {
  const everyMs = every * 1000;
  if (!relative) return { next: (after) => after + everyMs };
  const round = everyMs >= DAY_MS ? dayAfter : withinDay;
  // Intervals below a second have no round times.
  return { next: (after) => Math.max(round(after, everyMs, zone), after + Math.min(everyMs, 1)) };
}

/** Days are those of the calendar: the first midnight of the day that many days ahead. */
function dayAfter(after: number, everyMs: number, zone: Zone): number {
  const end = zone.wallAt(after) + everyMs;
  const midnights = occurrences(floor(end, DAY_MS), zone).filter((instant) => instant > after);
  return midnights.length > 0 ? Math.min(...midnights) : zone.instantOf(end);
}

/** The last round time of the clock at or before that much later, though never one that has passed. */
function withinDay(after: number, everyMs: number, zone: Zone): number {
  const unit = everyMs >= HOUR_MS ? HOUR_MS : everyMs >= MINUTE_MS ? MINUTE_MS : SECOND_MS;
  const end = after + everyMs;
  const near = occurrences(floor(zone.wallAt(end), unit), zone);
  const rounded = lastUntil(end, near) ?? Math.min(...near);
  if (unit === SECOND_MS || rounded > after) return rounded;
  // The clock was set back by a part of an hour: look at the next round time, and at that of the calendar.
  const more = [zone.wallAt(end) + unit, zone.wallAt(after) + everyMs].map((wall) => floor(wall, unit));
  const ahead = [...near, ...more.flatMap((wall) => occurrences(wall, zone))].filter(
    (instant) => instant > after,
  );
  return lastUntil(end, ahead) ?? (ahead.length > 0 ? Math.min(...ahead) : end);
}

const floor = (wall: WallTime, unit: number): WallTime => Math.floor(wall / unit) * unit;

/** Both times the wall shows that; when it never does, when it would have. */
const occurrences = (wall: WallTime, zone: Zone): readonly number[] =>
  zone.leavesOut(wall) ? [zone.instantOf(wall)] : [zone.instantOf(wall, 0), zone.instantOf(wall, 1)];

function lastUntil(end: number, instants: readonly number[]): number | undefined {
  const before = instants.filter((instant) => instant <= end);
  return before.length > 0 ? Math.max(...before) : undefined;
}
