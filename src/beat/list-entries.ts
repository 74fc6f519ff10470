import type { App } from '../app/index.js';
import { messageOf } from '../base/index.js';
import { configuredEntries, readEntry, scheduleZone } from './entries/index.js';
import { type Schedule, type Timetable, timetableOf } from './schedules/index.js';
import type { EntryStore, StoredEntry } from './stores/entry-store.js';
import { taskIdOf } from './task-id.js';

/** An entry as it is shown: times are ISO text in UTC. */
export interface ListedEntry {
  readonly name: string;
  readonly source: 'app' | 'store';
  readonly task: string | null;
  readonly enabled: boolean;
  /** When it is due next; in the past, when it is due and was not sent yet. */
  readonly next: string | null;
  /** The next times it is due, `next` first: as many as were asked for. */
  readonly upcoming: readonly string[];
  /** When it is due, as it was read, and in which time zone. */
  readonly schedule: Schedule | null;
  readonly timezone: string;
  readonly last_run_at: string | null;
  readonly total_run_count: number;
  /** The task of the last run, where it is known. */
  readonly last_task_id: string | null;
  /** What is wrong with it; such an entry is left out. */
  readonly fault: string | null;
}

type Seen = Pick<StoredEntry, 'name' | 'source' | 'definition'> & Partial<StoredEntry>;

/** The entries of code and store, by name, each with so many of its next times. Writes nothing. */
export async function listEntries(
  app: App,
  store: Pick<EntryStore, 'load'>,
  times = 1,
): Promise<readonly ListedEntry[]> {
  const configured = await configuredEntries(app);
  const stored = await store.load();
  const kept: Seen[] = stored.filter(({ name, source }) => source === 'store' && !configured.has(name));
  const own = [...configured].map(
    ([name, definition]): Seen => ({
      ...stored.find((one) => one.name === name),
      name,
      source: 'app',
      definition,
    }),
  );
  const timezone = scheduleZone(app.conf);
  const listed = await Promise.all(
    [...own, ...kept].map((seen) =>
      listedEntry(seen, { app: app.name, timezone, now: app.clock.now(), times }),
    ),
  );
  return listed.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function listedEntry(
  { name, source, definition, cursor = null, lastRunAt = null, totalRunCount = 0 }: Seen,
  {
    app,
    timezone,
    now,
    times,
  }: { readonly app: string; readonly timezone: string; readonly now: number; readonly times: number },
): Promise<ListedEntry> {
  const shown = {
    name,
    source,
    last_run_at: lastRunAt === null ? null : new Date(lastRunAt).toISOString(),
    total_run_count: totalRunCount,
    last_task_id: cursor === null || lastRunAt === null ? null : taskIdOf(app, name, cursor),
    timezone,
  };
  try {
    const { task, enabled, schedule } = readEntry(name, definition);
    const from = cursor ?? (schedule.type === 'clocked' ? 0 : now);
    const upcoming = enabled ? upcomingOf(await timetableOf(schedule, timezone), from, times) : [];
    return { ...shown, task, enabled, next: upcoming[0] ?? null, upcoming, schedule, fault: null };
  } catch (error) {
    const fault = messageOf(error);
    return { ...shown, task: null, enabled: false, next: null, upcoming: [], schedule: null, fault };
  }
}

function upcomingOf(timetable: Timetable, from: number, times: number): readonly string[] {
  const upcoming: string[] = [];
  for (let next = timetable.next(from); next !== undefined; next = timetable.next(next)) {
    upcoming.push(new Date(next).toISOString());
    if (upcoming.length >= times) break;
  }
  return upcoming;
}
