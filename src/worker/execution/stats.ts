import type { Outcome } from './outcome.js';

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
}

export class Stats {
  readonly #outcomes: Record<Outcome['kind'], number> = {
    success: 0,
    failure: 0,
    retry: 0,
    ignored: 0,
    rejected: 0,
    crashed: 0,
    revoked: 0,
    repeated: 0,
    postponed: 0,
    returned: 0,
  };
  readonly #total = new Map<string, number>();
  #processed = 0;
  #quarantined = 0;
  #duplicates = 0;
  #lost = 0;

  /** Tasks taken up. */
  get processed(): number {
    return this.#processed;
  }

  started(task: string): void {
    this.#processed += 1;
    this.#total.set(task, (this.#total.get(task) ?? 0) + 1);
  }

  ended(kind: Outcome['kind']): void {
    this.#outcomes[kind] += 1;
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
    };
  }
}
