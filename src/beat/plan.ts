import type { Entry } from './entries/index.js';
import type { Timetable } from './schedules/index.js';
import type { Progress } from './stores/entry-store.js';

/** What to do about an entry now. Times are milliseconds since 1970. */
export type Plan =
  /** Nothing until then; undefined: for ever. */
  | { readonly kind: 'wait'; readonly until: number | undefined }
  /** Take the entry up: look from `cursor` on. */
  | { readonly kind: 'begin'; readonly cursor: number }
  /** Send the run that was due at `tick`. */
  | { readonly kind: 'send'; readonly tick: number; readonly cursor: number }
  /** Let pass what was due since `tick`, and go on from `cursor`. */
  | { readonly kind: 'skip'; readonly tick: number; readonly cursor: number };

export interface PlanContext {
  readonly now: number;
  readonly timezone: string;
  /** `beat_cron_starting_deadline`, in seconds. */
  readonly cronDeadline: number | null;
}

/** With `catch_up: skip`, a run this late was missed. */
const LATE_MS = 60_000;
/** How far back `catch_up: all` reaches when nothing is said. */
const ALL_SECONDS = 3600;
/** Clocks of several machines differ by less than this. */
const CLOCK_SLACK_MS = 1000;

/** Pure: the schedule, how far the entry has come, and the time decide. */
export function plan(entry: Entry, progress: Progress, timetable: Timetable, context: PlanContext): Plan {
  const { now } = context;
  const { cursor } = progress;
  const { schedule } = entry;
  // Something that happens once may have been written down a moment too late.
  if (cursor === null) return { kind: 'begin', cursor: schedule.type === 'clocked' ? 0 : now };
  // The clock was set back: an interval must not stand still until the old time is reached again.
  if (schedule.type === 'interval' && cursor > now + CLOCK_SLACK_MS) return { kind: 'begin', cursor: now };
  if (readsWall(entry) && progress.timezone !== context.timezone) {
    return { kind: 'begin', cursor: Math.max(cursor, now) };
  }
  const first = timetable.next(cursor);
  if (first === undefined || first > now) return { kind: 'wait', until: first };
  const since = Math.max(cursor, oldest(entry, context));
  const tick = since === cursor ? first : timetable.next(since);
  if (tick === undefined || tick > now) return { kind: 'skip', tick: first, cursor: now };
  if (entry.catch_up === 'all' && entry.enabled) return { kind: 'send', tick, cursor: tick };
  const following = timetable.next(tick);
  const missedMore = following !== undefined && following <= now;
  // A run that is just due keeps an interval's rhythm; after a gap it begins anew, as Celery's does.
  const next = missedMore ? now : tick;
  const late = missedMore || now - tick > LATE_MS;
  const skipped = !entry.enabled || (entry.catch_up === 'skip' && late);
  return { kind: skipped ? 'skip' : 'send', tick, cursor: next };
}

/** True when the schedule's times depend on the app's time zone. */
const readsWall = ({ schedule }: Entry): boolean =>
  (schedule.type === 'crontab' && schedule.timezone === undefined) ||
  (schedule.type === 'interval' && schedule.relative === true);

/** Runs due until then are too old to be sent. */
export function oldest(
  { starting_deadline, schedule, catch_up }: Entry,
  { now, cronDeadline }: PlanContext,
): number {
  const seconds =
    starting_deadline ??
    (schedule.type === 'crontab' ? cronDeadline : null) ??
    (catch_up === 'all' ? ALL_SECONDS : null);
  return seconds === null ? Number.NEGATIVE_INFINITY : now - seconds * 1000 - 1;
}
