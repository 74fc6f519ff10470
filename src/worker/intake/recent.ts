import type { TaskMessage } from '../../app/index.js';

/**
 * Attempts this worker has finished lately. A redelivered copy of one of them is acknowledged without being run again,
 * also where no result is stored. Bounded: the oldest are forgotten first.
 */
export class RecentAttempts {
  readonly #limit: number;
  #younger = new Map<string, string>();
  #older: ReadonlyMap<string, string> = new Map();

  /** Remembers at least `limit` attempts, and fewer than twice as many. */
  constructor(limit = 5_000) {
    this.#limit = limit;
  }

  add(message: TaskMessage): void {
    // All the oldest go at once: to take them out one by one costs more than all the rest.
    if (this.#younger.size >= this.#limit) {
      this.#older = this.#younger;
      this.#younger = new Map();
    }
    this.#younger.set(message.id, attemptOf(message));
  }

  has(message: TaskMessage): boolean {
    const known = this.#younger.get(message.id) ?? this.#older.get(message.id);
    return known === attemptOf(message);
  }
}

const attemptOf = ({ retries, snoozes, replacedTaskNesting }: TaskMessage): string =>
  replacedTaskNesting === 0 && snoozes === 0 ? `${retries}` : `${retries}/${replacedTaskNesting}/${snoozes}`;
