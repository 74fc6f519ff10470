import type { Clock } from '../../base/index.js';
import type { ReceivedEvent } from '../../remote/index.js';
import type { PrometheusText } from '../../toolbox/index.js';
import { Histogram } from '../../worker/index.js';
import { SeenTasks } from './seen-tasks.js';

/** What one worker does with one kind of task. */
interface Pair {
  readonly worker: string;
  readonly task: string;
  readonly events: Map<string, number>;
  readonly runtime: Histogram;
  prefetchSeconds: number;
  prefetched: number;
}
interface WorkerState {
  heard: number;
  online: number;
  active: number;
}

/** Bounds of Flower's histogram, which are those of Prometheus's Python client. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SILENT_MS = 600_000;
/** A pair has about two dozen series: so many pairs keep all of them below five thousand. */
const MOST_PAIRS = 150;
const OTHER = 'other';

/**
 * Flower's metrics from the events that workers send, under its names and labels. Kinds of tasks beyond what is worth a series
 * are gathered as `other`; a worker that was silent for ten minutes goes, with its series.
 */
export class FlowerMetrics {
  readonly #clock: Clock;
  readonly #isKnown: (task: string) => boolean;
  readonly #pairs = new Map<string, Pair>();
  readonly #workers = new Map<string, WorkerState>();
  readonly #tasks = new SeenTasks();

  /** `isKnown`: tasks of the registry have their own series for longer than others. */
  constructor(clock: Clock, isKnown: (task: string) => boolean) {
    this.#clock = clock;
    this.#isKnown = isKnown;
  }

  hear(event: ReceivedEvent): void {
    const { type, hostname: worker } = event;
    if (typeof worker !== 'string') return;
    const state = this.#workers.get(worker) ?? { heard: 0, online: 0, active: 0 };
    state.heard = this.#clock.monotonic();
    if (type === 'task-sent') return this.#task(event, worker);
    this.#workers.set(worker, state);
    if (type === 'worker-offline') state.online = 0;
    else if (type === 'worker-online' || type === 'worker-heartbeat') state.online = 1;
    if (type === 'worker-heartbeat' && typeof event.active === 'number') state.active = event.active;
    if (type.startsWith('task-')) this.#task(event, worker);
  }

  write(text: PrometheusText): void {
    this.#forgetSilent();
    const pairs = [...this.#pairs.values()];
    const events = text.family('flower_events_total', 'counter', 'Number of events');
    for (const { worker, task, events: counts } of pairs)
      for (const [type, count] of counts) events.add({ worker, type, task }, count);
    const runtime = text.family('flower_task_runtime_seconds', 'histogram', 'Task runtime');
    for (const { worker, task, runtime: data } of pairs)
      if (data.count > 0) runtime.histogram({ worker, task }, data);
    const waited = text.family(
      'flower_task_prefetch_time_seconds',
      'gauge',
      'The time the task spent waiting at the celery worker to be executed.',
    );
    for (const { worker, task, prefetchSeconds } of pairs) waited.add({ worker, task }, prefetchSeconds);
    const prefetched = text.family(
      'flower_worker_prefetched_tasks',
      'gauge',
      'Number of tasks of given type prefetched at a worker',
    );
    for (const { worker, task, prefetched: count } of pairs) prefetched.add({ worker, task }, count);
    const online = text.family('flower_worker_online', 'gauge', 'Worker online status');
    for (const [worker, state] of this.#workers) online.add({ worker }, state.online);
    const active = text.family(
      'flower_worker_number_of_currently_executing_tasks',
      'gauge',
      'Number of tasks currently executing at a worker',
    );
    for (const [worker, state] of this.#workers) active.add({ worker }, state.active);
  }

  #task(event: ReceivedEvent, worker: string): void {
    const { type, uuid } = event;
    if (typeof uuid !== 'string') return;
    const task = this.#tasks.see(uuid, event);
    const pair = this.#pair(worker, task.name);
    pair.events.set(type, (pair.events.get(type) ?? 0) + 1);
    if (typeof event.runtime === 'number' && event.runtime > 0) pair.runtime.observe(event.runtime);
    // Waiting for an ETA is no waiting for a slot.
    if (task.hasEta || task.received === undefined) return;
    if (type === 'task-received') pair.prefetched += 1;
    else if (type === 'task-started') {
      pair.prefetchSeconds = Math.max(0, (task.started ?? task.received) - task.received);
      pair.prefetched = Math.max(0, pair.prefetched - 1);
    } else if (type === 'task-succeeded' || type === 'task-failed') {
      if (task.started !== undefined) pair.prefetchSeconds = 0;
    } else if (task.started === undefined && (type === 'task-revoked' || type === 'task-rejected')) {
      pair.prefetched = Math.max(0, pair.prefetched - 1);
    }
  }

  #pair(worker: string, name: string): Pair {
    const full = this.#pairs.size >= (this.#isKnown(name) ? MOST_PAIRS : MOST_PAIRS / 2);
    const key = (task: string): string => `${worker}\n${task}`;
    const task = full && !this.#pairs.has(key(name)) ? OTHER : name;
    const known = this.#pairs.get(key(task));
    if (known !== undefined) return known;
    const pair: Pair = {
      worker,
      task,
      events: new Map(),
      runtime: new Histogram(BOUNDS),
      prefetchSeconds: 0,
      prefetched: 0,
    };
    this.#pairs.set(key(task), pair);
    return pair;
  }

  #forgetSilent(): void {
    const before = this.#clock.monotonic() - SILENT_MS;
    for (const [worker, { heard }] of this.#workers) if (heard < before) this.#workers.delete(worker);
    for (const [key, { worker, events }] of this.#pairs) {
      // Producers, which send `task-sent` only, are no workers: their counters stay.
      if (!this.#workers.has(worker) && !(events.size === 1 && events.has('task-sent')))
        this.#pairs.delete(key);
    }
  }
}
