import type { Database } from '../store/database.js';
import type { OverviewView, WindowName } from '../views/index.js';
import { attentionTo } from './attention.js';
import { listQueues } from './list-queues.js';
import { listWorkers } from './list-workers.js';
import { axisOf, depthSeries, throughputSeries, timeSeries } from './series.js';
import { SHORT_STEP } from './task-rates.js';

/** Seconds of the last minute that are over for certain, and seconds back in which failures are counted. */
const NOW_SECONDS = 60;
const FAILURE_SECONDS = 900;
/** Failures that are looked at for groups. */
const MOST_FAILURES = 5000;
const MOST_GROUPS = 20;

const ENDED = {
  name: 'workertoolbox-ended',
  text: `SELECT COALESCE(sum(ended) FILTER (WHERE at >= to_timestamp($1 - ${NOW_SECONDS})), 0)::float8 / ${NOW_SECONDS} AS throughput,
    COALESCE(sum(ended) FILTER (WHERE state = 'FAILURE'), 0)::int AS failures
  FROM workertoolbox.task_rate WHERE step = ${SHORT_STEP} AND at >= to_timestamp($1 - ${FAILURE_SECONDS}) AND at < to_timestamp($1)`,
};

/** The last line of a traceback names the exception, in Python's form and in ours. */
const FAILURES = {
  name: 'workertoolbox-failures',
  text: `
SELECT task, error, count(*)::int AS count, (array_agg(id ORDER BY at DESC))[1] AS "lastId", max(at) AS "lastAt",
  (array_agg(line ORDER BY at DESC))[1] AS sample
FROM (
  SELECT COALESCE(t.type, '?') AS task, r.task_id AS id, extract(epoch FROM r.date_done)::float8 AS at, left(last.line, 300) AS line,
    COALESCE(substring(last.line FROM '^([A-Za-z_][\\w.]*)'), '?') AS error
  FROM (SELECT task_id, date_done, traceback FROM celery_taskmeta
    WHERE status = 'FAILURE' AND date_done > now() - interval '1 day' ORDER BY date_done DESC LIMIT ${MOST_FAILURES}) r
  CROSS JOIN LATERAL (SELECT COALESCE(substring(btrim(r.traceback, E' \\n') FROM '[^\\n]*$'), '') AS line) last
  LEFT JOIN tasks_backgroundtask t ON t.task_id = r.task_id
) failed GROUP BY task, error ORDER BY count(*) DESC, max(at) DESC LIMIT ${MOST_GROUPS}`,
};

type Failure = OverviewView['failures'][number];

/** Everything of the first view, from the monitor's tables and both of the ledger's. */
export async function overview(database: Database, window: WindowName, nowMs: number): Promise<OverviewView> {
  const axis = axisOf(window, nowMs);
  const settled = Math.floor(nowMs / 1000 / SHORT_STEP) * SHORT_STEP;
  const [ended, workers, queues, throughput, waiting, running, depth, failures] = await Promise.all([
    database.query<{ throughput: number; failures: number }>({ ...ENDED, values: [settled] }),
    listWorkers(database),
    listQueues(database),
    throughputSeries(database, axis),
    timeSeries(database, axis, 'wait'),
    timeSeries(database, axis, 'run'),
    depthSeries(database, axis),
    database.query<Omit<Failure, 'lastAt'> & { readonly lastAt: number }>(FAILURES),
  ]);
  const ages = queues.flatMap(({ oldestSeconds }) => oldestSeconds ?? []);
  return {
    at: new Date(nowMs).toISOString(),
    window,
    tiles: {
      throughput: ended[0]?.throughput ?? 0,
      failures15m: ended[0]?.failures ?? 0,
      oldestQueuedSeconds: ages.length === 0 ? null : Math.max(...ages),
      workersUp: workers.filter(({ status }) => status === 'up').length,
      workersKnown: workers.filter(({ status }) => status !== 'gone').length,
    },
    throughput,
    waiting,
    running,
    depth,
    attention: [...(await attentionTo(database, { queues, workers }))],
    failures: failures.map((failure) => ({
      ...failure,
      lastAt: new Date(failure.lastAt * 1000).toISOString(),
    })),
  };
}
