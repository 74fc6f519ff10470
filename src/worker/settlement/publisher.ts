import { backoffMs, type Clock, hasCode, type Logger, messageOf } from '../../base/index.js';
import type { Held } from '../runs/held.js';

/**
 * Publishes what follows a run. A broker that is away is waited for as long as the message is held; what the broker
 * or the app refuses for good is thrown.
 */
export class Publisher {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #closing = new AbortController();

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Resolves with true when published, with false when given up because the message is not ours any longer. */
  async publish(send: () => Promise<unknown>, lease: Held): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await send();
        return true;
      } catch (error) {
        if (!hasCode(error, 'BROKER_UNREACHABLE')) throw error;
        if (attempt === 0) this.#logger.warn({ error: messageOf(error) }, 'follow-up not published yet');
      }
      await this.#clock
        .sleep(backoffMs(attempt, { maxMs: 5_000 }), this.#closing.signal)
        .catch(() => undefined);
      if (this.#closing.signal.aborted || !lease.held()) return false;
    }
  }

  close(): void {
    this.#closing.abort();
  }
}
