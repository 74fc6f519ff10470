import { hasCode, type Logger, messageOf } from '../base/index.js';
import type { Delivery } from '../messaging/index.js';
import type { Disposal } from './outcome.js';
import type { Run } from './run.js';
import type { Stats } from './stats.js';

/** Tells the broker what has become of a run's message and of its copies. */
export class Disposer {
  readonly #logger: Logger;
  readonly #stats: Stats;

  constructor(logger: Logger, stats: Stats) {
    this.#logger = logger;
    this.#stats = stats;
  }

  /** Resolves when the broker knows. Never rejects: a message it takes back is its own again. */
  async dispose(run: Run, disposal: Pick<Disposal, 'message' | 'delaySeconds'>): Promise<void> {
    const deliveries = run.deliveries();
    const pending = run.acked ? deliveries.slice(1) : deliveries;
    if (pending.length === 1 && pending[0] !== undefined) {
      return this.one(pending[0], disposal.message, disposal.delaySeconds);
    }
    await Promise.all(pending.map((delivery) => this.one(delivery, disposal.message, disposal.delaySeconds)));
  }

  async one(delivery: Delivery, how: Disposal['message'], delaySeconds?: number): Promise<void> {
    if (delivery.lost.aborted) {
      this.#stats.lost();
      return;
    }
    try {
      switch (how) {
        case 'ack':
          return await delivery.ack();
        case 'reject':
          return await delivery.reject();
        case 'release':
          return await delivery.release(delaySeconds);
        case 'none':
          return undefined;
      }
    } catch (error) {
      this.#stats.lost();
      const fields = { queue: delivery.info.queue, id: delivery.headers.id, how, error: messageOf(error) };
      if (hasCode(error, 'LEASE_LOST')) this.#logger.warn(fields, 'the broker had taken the message back');
      else this.#logger.error(fields, 'the broker could not be told about a message');
    }
  }
}
