import type { Database } from '../store/database.js';
import type { QueueDetail, QueueView } from '../views/index.js';
import { listWorkers } from './list-workers.js';
import { axisOf, depthSeries } from './series.js';

interface Row {
  readonly queue: string;
  readonly at: number;
  readonly waiting: number | null;
  readonly held: number | null;
  readonly delayed: number | null;
  readonly consumers: number | null;
  readonly oldest_seconds: number | null;
  readonly in_rate: number | null;
  readonly out_rate: number | null;
  readonly problem: string | null;
  readonly records: boolean;
}

/** Of each queue sampled in the last hour, the last sample. */
const LATEST = {
  name: 'workertoolbox-queues',
  text: `SELECT DISTINCT ON (queue) queue, extract(epoch FROM at)::float8 AS at, waiting, held, delayed, consumers, oldest_seconds, in_rate,
    out_rate, problem, records FROM workertoolbox.queue_sample WHERE at > now() - interval '1 hour' ORDER BY queue, at DESC`,
};

const PAUSES = {
  name: 'workertoolbox-paused',
  text: 'SELECT queue, obeyed FROM workertoolbox.paused_queue',
};

/** The app's queues as they were measured last; what the broker does not tell comes from its workers. */
export async function listQueues(database: Database): Promise<readonly QueueView[]> {
  const [rows, workers, pauses] = await Promise.all([
    database.query<Row>(LATEST),
    listWorkers(database),
    database.query<{ queue: string; obeyed: string[] }>(PAUSES),
  ]);
  const paused = new Map(pauses.map((pause) => [pause.queue, pause.obeyed]));
  const there = workers.filter(({ status }) => status === 'up' || status === 'draining');
  return rows.map(({ queue, ...row }) => {
    const consuming = there.filter(({ queues }) => queues.includes(queue)).map(({ name }) => name);
    const obeyed = paused.get(queue);
    return {
      name: queue,
      records: row.records,
      depth: row.waiting,
      inFlight: row.held,
      delayed: row.delayed,
      oldestSeconds: row.oldest_seconds,
      inRate: row.in_rate,
      outRate: row.out_rate,
      consumers: row.consumers ?? consuming.length,
      paused: obeyed !== undefined,
      obeyedBy: obeyed ?? [],
      ignoredBy: obeyed === undefined ? [] : consuming,
      deadLetter: null,
      sampled: new Date(row.at * 1000).toISOString(),
      problem: row.problem,
    };
  });
}

/** One queue with a week of its depth; undefined when it was not measured in the last hour. */
export async function describeQueue(
  database: Database,
  queue: string,
  nowMs: number,
): Promise<QueueDetail | undefined> {
  const found = (await listQueues(database)).find(({ name }) => name === queue);
  return found && { ...found, history: await depthSeries(database, axisOf('7d', nowMs), queue) };
}
