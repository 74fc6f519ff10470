import type { TaskMessage } from '../../app/index.js';

/**
 * Attempts this worker has finished lately. A redelivered copy of one of them is acknowledged without being run again,
 * also where no result is stored. Bounded: the oldest are forgotten first.
 */
export class RecentAttempts {
  readonly #attempts = new Map<string, string>();
  /** The ids in order of arrival; the next one takes the place of the oldest. */
  readonly #ring: (string | undefined)[];
  #next = 0;

  constructor(limit = 5_000) {
    this.#ring = new Array<string | undefined>(limit).fill(undefined);
  }

  add(message: TaskMessage): void {
    const oldest = this.#ring[this.#next];
    if (oldest !== undefined) this.#attempts.delete(oldest);
    this.#ring[this.#next] = message.id;
    this.#next = (this.#next + 1) % this.#ring.length;
    this.#attempts.set(message.id, attemptOf(message));
  }

  has(message: TaskMessage): boolean {
    return this.#attempts.get(message.id) === attemptOf(message);
  }
}

const attemptOf = ({ retries, snoozes, replacedTaskNesting }: TaskMessage): string =>
  replacedTaskNesting === 0 && snoozes === 0 ? `${retries}` : `${retries}/${replacedTaskNesting}/${snoozes}`;
