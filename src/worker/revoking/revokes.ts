import type { TaskMessage } from '../../app/index.js';
import type { Clock } from '../../base/index.js';
import { REVOKE_HOLDS_SECONDS } from '../../bus/index.js';
import { LimitedSet, type Stamped } from './limited-set.js';

/** Stamps by the name of their header: any value of any of them counts. */
export type StampedHeaders = Readonly<Record<string, unknown>>;

/** What is revoked, as it is kept outside of the process. */
export interface RevokesImage {
  readonly ids: readonly Stamped[];
  readonly families: readonly Stamped[];
  readonly stamps: readonly Stamped[];
}

/**
 * What is revoked: tasks by id, families by root id, tasks by stamp. Of each at most `limit`, kept for `maxAgeMs` (Celery
 * keeps 50 000 ids for 10 800 s).
 */
export class Revokes {
  readonly #clock: Clock;
  readonly #ids: LimitedSet;
  readonly #families: LimitedSet;
  readonly #stamps: LimitedSet;

  constructor(clock: Clock, limit = 50_000, maxAgeMs = REVOKE_HOLDS_SECONDS * 1000) {
    this.#clock = clock;
    this.#ids = new LimitedSet(limit, maxAgeMs);
    this.#families = new LimitedSet(limit, maxAgeMs);
    this.#stamps = new LimitedSet(limit, maxAgeMs);
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) this.#ids.add(id, this.#clock.now());
  }

  addFamilies(rootIds: Iterable<string>): void {
    for (const id of rootIds) this.#families.add(id, this.#clock.now());
  }

  addStamps(headers: StampedHeaders): void {
    for (const key of stampKeys(headers)) this.#stamps.add(key, this.#clock.now());
  }

  /** True when a task is not to be run. */
  covers({ id, rootId, stamps }: TaskMessage): boolean {
    if (this.#ids.has(id) || this.#families.has(rootId)) return true;
    return this.#stamps.size > 0 && stampKeys(stamps).some((key) => this.#stamps.has(key));
  }

  /** The ids, oldest first. */
  list(): readonly string[] {
    return this.#ids.entries().map(([id]) => id);
  }

  image(): RevokesImage {
    return {
      ids: this.#ids.entries(),
      families: this.#families.entries(),
      stamps: this.#stamps.entries(),
    };
  }

  /** Adds what was kept, with the times it was revoked at. */
  restore({ ids, families, stamps }: RevokesImage): void {
    const now = this.#clock.now();
    for (const [id, at] of ids) this.#ids.add(id, now, at);
    for (const [id, at] of families) this.#families.add(id, now, at);
    for (const [key, at] of stamps) this.#stamps.add(key, now, at);
  }
}

/** True when a task bears one of the stamps. */
export function bearsStamp({ stamps }: TaskMessage, headers: StampedHeaders): boolean {
  const wanted = new Set(stampKeys(headers));
  return stampKeys(stamps).some((key) => wanted.has(key));
}

function stampKeys(headers: StampedHeaders): string[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    listOf(values).map((value) => keyOf(name, value)),
  );
}

const keyOf = (name: string, value: unknown): string => JSON.stringify([name, String(value)]);

/** Celery's `maybe_list`: one stamp, or several. */
function listOf(values: unknown): readonly unknown[] {
  if (values === null || values === undefined) return [];
  if (values instanceof Set) return [...values];
  return Array.isArray(values) ? values : [values];
}
