import type { Run } from '../runs/run.js';
import { noOutcomes, type Outcome } from './outcome.js';
import { type TaskStats, TaskTally } from './task-stats.js';

/** What a worker has done since it started; all counters only grow. */
export interface WorkerCounts {
  /** Runs ended, by how they ended. */
  readonly outcomes: Readonly<Record<Outcome['kind'], number>>;
  /** Tasks taken up, by name (Celery's `stats().total`). */
  readonly total: Readonly<Record<string, number>>;
  /** Messages set aside. */
  readonly quarantined: number;
  /** Copies that were not run a second time. */
  readonly duplicates: number;
  /** Leases the broker took back. */
  readonly lost: number;
  /** Times consuming went on after an interruption. */
  readonly reconnects: number;
}

/** Task names that are counted apart. */
const MAX_TASKS = 5_000;

export class Stats {
  readonly #outcomes = noOutcomes();
  readonly #tasks = new Map<string, TaskTally>();
  readonly #total = new Map<string, number>();
  #processed = 0;
  #latest: string | undefined;
  readonly #rest = new TaskTally();
  #quarantined = 0;
  #duplicates = 0;
  #lost = 0;
  #reconnects = 0;

  /** Tasks taken up. */
  get processed(): number {
    return this.#processed;
  }

  /** Name of the task that was taken up last. */
  get latest(): string | undefined {
    return this.#latest;
  }

  /** A run has begun; `beganAt` is set. */
  started({ task: { name }, beganAt, receivedAt }: Run): void {
    this.#processed += 1;
    this.#latest = name;
    this.#total.set(name, (this.#total.get(name) ?? 0) + 1);
    this.#tally(name).wait.observe((beganAt - receivedAt) / 1000);
  }

  /** The code of a run has ended, at that moment (monotonic milliseconds). */
  ran({ task: { name }, beganAt }: Run, now: number): void {
    this.#tally(name).runtime.observe((now - beganAt) / 1000);
  }

  ended({ task: { name } }: Run, kind: Outcome['kind']): void {
    this.#outcomes[kind] += 1;
    this.#tally(name).outcomes[kind] += 1;
  }

  /** By task name. */
  tasks(): ReadonlyMap<string, TaskStats> {
    return this.#tasks;
  }

  reconnected(): void {
    this.#reconnects += 1;
  }

  quarantined(): void {
    this.#quarantined += 1;
  }

  duplicate(): void {
    this.#duplicates += 1;
  }

  lost(): void {
    this.#lost += 1;
  }

  counts(): WorkerCounts {
    return {
      outcomes: { ...this.#outcomes },
      total: Object.fromEntries(this.#total),
      quarantined: this.#quarantined,
      duplicates: this.#duplicates,
      lost: this.#lost,
      reconnects: this.#reconnects,
    };
  }

  #tally(task: string): TaskTally {
    let tally = this.#tasks.get(task);
    if (tally === undefined) {
      // Names that nobody registered come from outside: they must not fill the memory.
      if (this.#tasks.size >= MAX_TASKS) return this.#rest;
      tally = new TaskTally();
      this.#tasks.set(task, tally);
    }
    return tally;
  }
}
