import type { Signals } from '../../app/index.js';
import { type Emitter, type Logger, messageOf } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import type { Stats } from '../execution/stats.js';
import type { Disposer } from './disposer.js';
import { type Quarantine, type QuarantineCode, quarantineCodeOf, quarantined } from './quarantine.js';

/** Seconds before a message comes again that quarantine could not take. */
const AGAIN_AFTER = 30;

export interface SetAsideOptions {
  readonly quarantine: Quarantine;
  readonly disposer: Disposer;
  readonly signals: Emitter<Signals>;
  readonly stats: Stats;
  readonly logger: Logger;
}

/** Puts messages into quarantine; none leaves its queue before quarantine has it. */
export class SetAside {
  readonly #options: SetAsideOptions;

  constructor(options: SetAsideOptions) {
    this.#options = options;
  }

  /** A message that could not be read, for the reason `error` gives. Never rejects. */
  async unreadable(delivery: Delivery, error: unknown): Promise<void> {
    const { disposer, signals } = this.#options;
    const reason = messageOf(error);
    const kept = await this.keep(delivery, quarantineCodeOf(error), reason);
    if (!kept) return disposer.one(delivery, 'release', AGAIN_AFTER);
    const { id } = delivery.headers;
    await signals.send('task_rejected', {
      reason,
      id: typeof id === 'string' ? id : null,
      queue: delivery.info.queue,
    });
    await disposer.one(delivery, 'reject');
  }

  /** Resolves with true when quarantine has a copy. Never rejects. */
  async keep(delivery: Delivery, code: QuarantineCode, reason: string): Promise<boolean> {
    const { quarantine, stats, logger } = this.#options;
    try {
      await quarantine.put(quarantined(delivery, code, reason));
      stats.quarantined();
      return true;
    } catch (error) {
      logger.error(
        { queue: delivery.info.queue, code, error: messageOf(error) },
        'quarantine took no message',
      );
      return false;
    }
  }
}
