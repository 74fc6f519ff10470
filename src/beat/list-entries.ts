import type { App } from '../app/index.js';
import { messageOf } from '../base/index.js';
import { configuredEntries, readEntry, scheduleZone } from './entries/index.js';
import { timetableOf } from './schedules/index.js';
import type { EntryStore, StoredEntry } from './stores/entry-store.js';

/** An entry as it is shown: times are ISO text in UTC. */
export interface ListedEntry {
  readonly name: string;
  readonly source: 'app' | 'store';
  readonly task: string | null;
  readonly enabled: boolean;
  /** When it is due next; in the past, when it is due and was not sent yet. */
  readonly next: string | null;
  readonly last_run_at: string | null;
  readonly total_run_count: number;
  /** What is wrong with it; such an entry is left out. */
  readonly fault: string | null;
}

type Seen = Pick<StoredEntry, 'name' | 'source' | 'definition'> & Partial<StoredEntry>;

/** The entries of code and store, by name. Writes nothing. */
export async function listEntries(app: App, store: EntryStore): Promise<readonly ListedEntry[]> {
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
    [...own, ...kept].map((seen) => listedEntry(seen, timezone, app.clock.now())),
  );
  return listed.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function listedEntry(
  { name, source, definition, cursor = null, lastRunAt = null, totalRunCount = 0 }: Seen,
  timezone: string,
  now: number,
): Promise<ListedEntry> {
  const shown = {
    name,
    source,
    last_run_at: lastRunAt === null ? null : new Date(lastRunAt).toISOString(),
    total_run_count: totalRunCount,
  };
  try {
    const { task, enabled, schedule } = readEntry(name, definition);
    const from = cursor ?? (schedule.type === 'clocked' ? 0 : now);
    const next = enabled ? (await timetableOf(schedule, timezone)).next(from) : undefined;
    return {
      ...shown,
      task,
      enabled,
      next: next === undefined ? null : new Date(next).toISOString(),
      fault: null,
    };
  } catch (error) {
    return { ...shown, task: null, enabled: false, next: null, fault: messageOf(error) };
  }
}
