import { countMatching } from '../queries/index.js';
import type { Database } from '../store/database.js';
import type { Attention, QueueView, TaskFilter, WorkerView } from '../views/index.js';

export interface Seen {
  readonly queues: readonly QueueView[];
  readonly workers: readonly WorkerView[];
}

/** Seconds by which clocks may differ; messages that may wait to be recorded. */
const CLOCK_SECONDS = 2;
const LAG_MESSAGES = 1000;

const QUARANTINED = {
  name: 'workertoolbox-quarantined',
  text: 'SELECT count(*)::int AS count FROM (SELECT 1 FROM workertoolbox.quarantine LIMIT 10001) AS found',
};
const MARKED = {
  name: 'workertoolbox-marked',
  text: 'SELECT mark, count(*)::int AS count FROM workertoolbox.task_mark GROUP BY mark',
};

/** What needs a person: problems first. */
export async function attentionTo(database: Database, seen: Seen): Promise<readonly Attention[]> {
  const [tasks, marked, quarantined] = await Promise.all([
    ofTasks(database),
    ofMarks(database),
    database.query<{ count: number }>(QUARANTINED),
  ]);
  const kept = quarantined[0]?.count ?? 0;
  return [
    ...tasks,
    ...ofQueues(seen),
    ...ofWorkers(seen),
    ...marked,
    ...about('quarantine', 'warning', kept, '/quarantine', `${kept} in quarantine`),
  ].sort((one, other) => Number(other.severity === 'problem') - Number(one.severity === 'problem'));
}

interface Question {
  readonly kind: Attention['kind'];
  readonly severity: Attention['severity'];
  readonly filter: TaskFilter;
  readonly link: string;
  readonly what: string;
}

const TASKS: readonly Question[] = [
  {
    kind: 'stuck-started',
    severity: 'problem',
    filter: { q: 'is:stuck' },
    link: '/tasks?q=is:stuck',
    what: 'run for longer than they should',
  },
  {
    kind: 'lost',
    severity: 'problem',
    filter: { state: ['lost'] },
    link: '/tasks?state=lost',
    what: 'recorded, and their messages are nowhere',
  },
  {
    kind: 'unknown-pending',
    severity: 'warning',
    filter: { state: ['unknown'] },
    link: '/tasks?state=unknown',
    what: 'due long ago, and nothing was heard of them',
  },
];

async function ofTasks(database: Database): Promise<readonly Attention[]> {
  const found = await Promise.all(
    TASKS.map(async ({ kind, severity, filter, link, what }) => {
      const { value, exact } = await countMatching(database, filter);
      return about(kind, severity, value, link, `${exact ? '' : 'about '}${tasks(value)} ${what}`);
    }),
  );
  return found.flat();
}

/** What the reconciler has found. */
async function ofMarks(database: Database): Promise<readonly Attention[]> {
  const rows = await database.query<{ mark: string; count: number }>(MARKED);
  const of = (mark: string): number => rows.find((row) => row.mark === mark)?.count ?? 0;
  const [orphans, untracked] = [of('orphan'), of('untracked')];
  return [
    ...about(
      'orphans',
      'warning',
      orphans,
      '/tasks?q=is:orphan',
      `${tasks(orphans)} whose parent is not recorded`,
    ),
    ...about(
      'untracked',
      'warning',
      untracked,
      '/tasks?q=is:untracked',
      `${tasks(untracked)} ran without a record`,
    ),
  ];
}

function ofQueues({ queues }: Seen): readonly Attention[] {
  const idle = queues.filter(
    ({ depth, consumers, paused, records }) => !records && !paused && (depth ?? 0) > 0 && consumers === 0,
  );
  const paused = queues.filter((queue) => queue.paused);
  const late = queues.filter(({ records, depth }) => records && (depth ?? 0) > LAG_MESSAGES);
  return [
    ...about('no-consumer', 'problem', idle.length, '/queues', `nobody consumes from ${names(idle)}`),
    ...about('tracking-lag', 'problem', late.length, '/queues', `recording lags behind on ${names(late)}`),
    ...about('paused-queue', 'warning', paused.length, '/queues', `paused: ${names(paused)}`),
  ];
}

function ofWorkers({ workers }: Seen): readonly Attention[] {
  const silent = workers.filter(({ status }) => status === 'silent');
  const off = workers.filter(
    ({ status, clockOffsetSeconds }) => status === 'up' && Math.abs(clockOffsetSeconds ?? 0) > CLOCK_SECONDS,
  );
  const differ = `clocks differ by over ${CLOCK_SECONDS} s: ${names(off)}`;
  return [
    ...about('silent-workers', 'problem', silent.length, '/workers', `nothing is heard of ${names(silent)}`),
    ...about('clock-offset', 'warning', off.length, '/workers', differ),
  ];
}

const tasks = (count: number): string => `${count} ${count === 1 ? 'task' : 'tasks'}`;
const names = (some: readonly { readonly name: string }[]): string => some.map(({ name }) => name).join(', ');

const about = (
  kind: Attention['kind'],
  severity: Attention['severity'],
  count: number,
  link: string,
  message: string,
): readonly Attention[] => (count === 0 ? [] : [{ kind, severity, count, link, message }]);
