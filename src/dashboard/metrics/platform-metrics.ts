import { type Database, listQueues, listWorkers } from '../../platform/index.js';
import { PrometheusText } from '../../toolbox/index.js';

const ENDED = {
  name: 'workertoolbox-metrics-ended',
  text: `SELECT name, state, sum(ended)::float8 AS count FROM workertoolbox.task_rate
    WHERE step = 300 AND at >= $1 GROUP BY name, state ORDER BY sum(ended) DESC LIMIT 1000`,
};
const QUARANTINE = {
  name: 'workertoolbox-metrics-quarantine',
  text: 'SELECT code, count(*)::float8 AS count FROM workertoolbox.quarantine GROUP BY code',
};
const MOST_TASKS = 100;
const ALIVE = ['up', 'draining'];

/** What the platform's tables say: queues, workers, ends of tasks, quarantine. Names begin with `wt_`; no label is an id. Counters begin at `since`. */
export async function platformMetrics(database: Database, since: Date): Promise<string> {
  const text = new PrometheusText();
  const [queues, workers, ended, quarantined] = await Promise.all([
    listQueues(database),
    listWorkers(database),
    database.query<{ name: string; state: string; count: number }>({ ...ENDED, values: [since] }),
    database.query<{ code: string; count: number }>(QUARANTINE),
  ]);
  const gauge = <T>(
    name: string,
    help: string,
    of: readonly T[],
    labels: (one: T) => Readonly<Record<string, string>>,
    value: (one: T) => number | null,
  ): void => {
    const family = text.family(`wt_${name}`, 'gauge', help);
    for (const one of of) {
      const found = value(one);
      if (found !== null) family.add(labels(one), found);
    }
  };
  const queue = ({ name }: { name: string }) => ({ queue: name });
  const worker = ({ name }: { name: string }) => ({ worker: name });
  const there = workers.filter(({ status }) => ALIVE.includes(status));
  gauge('queue_depth', 'Messages that wait for a worker', queues, queue, ({ depth }) => depth);
  gauge('queue_in_flight', 'Messages that workers hold', queues, queue, ({ inFlight }) => inFlight);
  gauge('queue_delayed', 'Messages that are not due yet', queues, queue, ({ delayed }) => delayed);
  gauge(
    'queue_oldest_age_seconds',
    'Age of the oldest waiting message',
    queues,
    queue,
    (one) => one.oldestSeconds,
  );
  gauge('queue_paused', 'Paused by people', queues, queue, ({ paused }) => Number(paused));
  gauge(
    'queue_consumers',
    'Consumers, as far as the broker tells',
    queues,
    queue,
    ({ consumers }) => consumers,
  );
  gauge('event_loop_lag_seconds', 'Delay of a worker’s event loop', there, worker, ({ loopLagMs: lag }) =>
    lag === null ? null : lag / 1000,
  );
  gauge(
    'clock_offset_seconds',
    'Difference of a worker’s clock',
    there,
    worker,
    (one) => one.clockOffsetSeconds,
  );
  gauge('worker_rss_bytes', 'Memory of a worker', there, worker, ({ rssBytes }) => rssBytes);
  gauge(
    'quarantine_items',
    'Messages nobody could process',
    quarantined,
    ({ code }) => ({ reason: code }),
    (one) => one.count,
  );
  const total = text.family(
    'wt_task_total',
    'gauge',
    'Tasks ended in the last ninety days, by task and state',
  );
  for (const [key, count] of byTask(ended)) {
    const [task = '', state = ''] = key.split('\n');
    total.add({ task, state }, count);
  }
  return text.toString();
}

/** The most frequent kinds by name, the rest as `other`. */
function byTask(
  rows: readonly { name: string; state: string; count: number }[],
): ReadonlyMap<string, number> {
  const names = new Set<string>();
  const counts = new Map<string, number>();
  for (const { name, state, count } of rows) {
    if (names.size < MOST_TASKS) names.add(name);
    const key = `${names.has(name) ? name : 'other'}\n${state}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}
