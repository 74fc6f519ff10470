import type { Attempt, TaskSummary, TimelineEntry } from '../views/index.js';

/** What happened to a task, in order of time. */
export function timelineOf(
  { created, eta, done, state, queue }: Pick<TaskSummary, 'created' | 'eta' | 'done' | 'state' | 'queue'>,
  attempts: readonly Attempt[],
  stored: string | null,
): TimelineEntry[] {
  const entry = (what: TimelineEntry['what'], at: string, detail: string | null): TimelineEntry => ({
    what,
    at,
    detail,
  });
  const entries = [
    entry('tracked', created, queue),
    ...(eta === null ? [] : [entry('due', eta, null)]),
    ...attempts.flatMap(({ number, worker, started, ended, outcome, reason }) => [
      entry('started', started, worker),
      ...(ended === null
        ? []
        : [entry(endOf(outcome), ended, reason ?? `attempt ${number}: ${outcome ?? ''}`)]),
    ]),
    ...(done === null || stored === null ? [] : [entry('stored', stored, state)]),
  ];
  return entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const endOf = (outcome: string | null): TimelineEntry['what'] =>
  outcome === 'lost' ? 'lost' : outcome === 'RETRY' ? 'retried' : 'ended';
