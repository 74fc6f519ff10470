import type { TaskStats, Worker, WorkerInfo } from '../../worker/index.js';
import { PrometheusText } from './prometheus.js';

type Tasks = ReadonlyMap<string, TaskStats>;
type Outcome = keyof TaskStats['outcomes'];

/** Flower's event for each outcome that has one. */
const EVENTS: readonly (readonly [outcome: Outcome, type: string])[] = [
  ['success', 'task-succeeded'],
  ['failure', 'task-failed'],
  ['retry', 'task-retried'],
  ['revoked', 'task-revoked'],
  ['rejected', 'task-rejected'],
];

/** What a worker tells Prometheus: under Flower's names where it has one for it, and under `workertoolbox_*`. */
export function workerMetrics(worker: Pick<Worker, 'info' | 'taskStats' | 'concurrency'>): string {
  const text = new PrometheusText();
  const info = worker.info();
  const tasks = worker.taskStats();
  flowerMetrics(text, info, tasks);
  taskMetrics(text, info, tasks);
  loadMetrics(text, info, worker.concurrency);
  return text.toString();
}

function flowerMetrics(text: PrometheusText, info: WorkerInfo, tasks: Tasks): void {
  const worker = info.hostname;
  const events = text.family('flower_events_total', 'counter', 'Number of events');
  for (const [task, { outcomes, wait }] of tasks) {
    events.add({ worker, type: 'task-started', task }, wait.count);
    for (const [outcome, type] of EVENTS) events.add({ worker, type, task }, outcomes[outcome]);
  }
  const runtime = text.family('flower_task_runtime_seconds', 'histogram', 'Task runtime');
  for (const [task, stats] of tasks) runtime.histogram({ worker, task }, stats.runtime);
  const prefetchTime = text.family(
    'flower_task_prefetch_time_seconds',
    'gauge',
    'The time the task spent waiting at the celery worker to be executed.',
  );
  for (const [task, { wait }] of tasks) prefetchTime.add({ worker, task }, wait.last);
  const prefetched = text.family(
    'flower_worker_prefetched_tasks',
    'gauge',
    'Number of tasks of given type prefetched at a worker',
  );
  const waiting = new Map<string, number>([...tasks.keys()].map((task) => [task, 0]));
  for (const { name } of [...info.reserved, ...info.scheduled.map(({ request }) => request)]) {
    waiting.set(name, (waiting.get(name) ?? 0) + 1);
  }
  for (const [task, count] of waiting) prefetched.add({ worker, task }, count);
  text
    .family('flower_worker_online', 'gauge', 'Worker online status')
    .add({ worker }, info.state === 'running' ? 1 : 0);
  text
    .family(
      'flower_worker_number_of_currently_executing_tasks',
      'gauge',
      'Number of tasks currently executing at a worker',
    )
    .add({ worker }, info.active.length);
}

function taskMetrics(text: PrometheusText, { hostname: worker }: WorkerInfo, tasks: Tasks): void {
  const ended = text.family('workertoolbox_tasks_total', 'counter', 'Runs ended, by task and outcome');
  for (const [task, { outcomes }] of tasks) {
    for (const [outcome, count] of Object.entries(outcomes)) {
      if (count > 0) ended.add({ worker, task, outcome }, count);
    }
  }
  const wait = text.family(
    'workertoolbox_task_wait_seconds',
    'histogram',
    'Time from receipt to the beginning of a run: its ETA, its rate limit, a free slot',
  );
  for (const [task, stats] of tasks) wait.histogram({ worker, task }, stats.wait);
}

function loadMetrics(text: PrometheusText, info: WorkerInfo, concurrency: number): void {
  const { hostname: worker, counts, active, reserved, scheduled } = info;
  const consumer = info.steps.consumer ?? {};
  const one = (name: string, type: 'counter' | 'gauge', help: string, value: unknown): void => {
    text.family(`workertoolbox_${name}`, type, help).add({ worker }, Number(value ?? 0));
  };
  one('concurrency', 'gauge', 'Runs at a time', concurrency);
  one('active', 'gauge', 'Tasks running', active.length);
  one('reserved', 'gauge', 'Tasks waiting for a slot', reserved.length);
  one('scheduled', 'gauge', 'Tasks waiting for their ETA', scheduled.length);
  one('prefetch', 'gauge', 'Most messages held at a time; 0: no limit', consumer.prefetch_count);
  one('pending', 'gauge', 'Messages held', consumer.pending);
  one('results_away', 'gauge', 'The result store cannot be reached', consumer.results_away === true);
  const { lag_seconds: lag, worst_lag_seconds: worst } = info.steps.loop ?? {};
  one('loop_lag_seconds', 'gauge', 'Delay of the event loop when it was last looked at', lag);
  one('loop_worst_lag_seconds', 'gauge', 'Longest delay of the event loop since the start', worst);
  one('duplicates_total', 'counter', 'Copies that were not run a second time', counts.duplicates);
  one('lost_leases_total', 'counter', 'Messages the broker took back', counts.lost);
  one('quarantined_total', 'counter', 'Messages set aside', counts.quarantined);
  one(
    'broker_reconnects_total',
    'counter',
    'Times consuming went on after an interruption',
    counts.reconnects,
  );
}
