import type { App } from '../../app/index.js';
import { type EntryStore, type ListedEntry, listEntries } from '../../beat/index.js';
import type { Database } from '../store/database.js';
import type { ScheduleView } from '../views/index.js';
import { scheduleWords } from './schedule-words.js';

const TIMES = 5;

const STATES = {
  name: 'workertoolbox-last-runs',
  text: `SELECT asked.id, COALESCE(r.status, CASE WHEN t.task_id IS NULL THEN NULL ELSE 'PENDING' END) AS state
  FROM unnest($1::text[]) AS asked(id) LEFT JOIN tasks_backgroundtask t ON t.task_id = asked.id LEFT JOIN celery_taskmeta r ON r.task_id = asked.id`,
};

/** The entries of beat, from code and from the store it uses, with their next five times and how the last run went. */
export async function listSchedules(
  app: App,
  store: Pick<EntryStore, 'load'>,
  database: Database,
): Promise<readonly ScheduleView[]> {
  const entries = await listEntries(app, store, TIMES);
  const ids = entries.flatMap(({ last_task_id: id }) => id ?? []);
  const rows = await database.query<{ id: string; state: string | null }>({ ...STATES, values: [ids] });
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  return Promise.all(entries.map((entry) => viewOf(entry, states, app.clock.now())));
}

async function viewOf(
  entry: ListedEntry,
  states: ReadonlyMap<string, string | null>,
  now: number,
): Promise<ScheduleView> {
  const { name, task, schedule, timezone, upcoming, fault, enabled, source } = entry;
  const words = schedule === null ? { rule: fault ?? '', written: '' } : await scheduleWords(schedule);
  const state = entry.last_task_id === null ? null : (states.get(entry.last_task_id) ?? null);
  return {
    name,
    task: task ?? '',
    ...words,
    zone: timezone,
    next: [...upcoming],
    last: entry.last_run_at,
    lastTaskId: state === null ? null : entry.last_task_id,
    lastState: state,
    missed: upcoming.filter((at) => Date.parse(at) <= now).length,
    enabled,
    editable: source === 'store',
  };
}
