import type { TaskMessage } from '../app/index.js';

/**
 * Attempts this worker has finished lately. A redelivered copy of one of them is acknowledged without being run again,
 * also where no result is stored. Bounded: the oldest are forgotten first.
 */
export class RecentAttempts {
  readonly #limit: number;
  readonly #attempts = new Map<string, string>();

  constructor(limit = 5_000) {
    this.#limit = limit;
  }

  add(message: TaskMessage): void {
    this.#attempts.delete(message.id);
    this.#attempts.set(message.id, attemptOf(message));
    if (this.#attempts.size <= this.#limit) return;
    for (const oldest of this.#attempts.keys()) {
      this.#attempts.delete(oldest);
      return;
    }
  }

  has(message: TaskMessage): boolean {
    return this.#attempts.get(message.id) === attemptOf(message);
  }
}

const attemptOf = ({ retries, replacedTaskNesting }: TaskMessage): string =>
  replacedTaskNesting === 0 ? `${retries}` : `${retries}/${replacedTaskNesting}`;
