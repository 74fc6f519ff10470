import { hasCode, type Logger, messageOf } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import type { Disposal } from '../execution/outcome.js';
import type { Stats } from '../execution/stats.js';
import { isLost, type Run } from '../runs/run.js';

/** Tells the broker what has become of a run's message and of its copies. */
export class Disposer {
  readonly #logger: Logger;
  readonly #stats: Stats;

  constructor(logger: Logger, stats: Stats) {
    this.#logger = logger;
    this.#stats = stats;
  }

  /** Resolves when the broker knows. Never rejects: a message it takes back is its own again. */
  dispose(run: Run, { message, delaySeconds }: Pick<Disposal, 'message' | 'delaySeconds'>): Promise<unknown> {
    const copies = run.copies();
    const first = run.acked ? Promise.resolve() : this.one(run.lease, message, delaySeconds);
    if (copies.length === 0) return first;
    return Promise.all([first, ...copies.map((copy) => this.one(copy, message, delaySeconds))]);
  }

  /** As `dispose`, for one delivery. */
  one(delivery: Delivery, how: Disposal['message'], delaySeconds?: number): Promise<void> {
    if (isLost(delivery)) {
      this.#stats.lost();
      return Promise.resolve();
    }
    return tell(delivery, how, delaySeconds).catch((error: unknown) => this.#untold(delivery, how, error));
  }

  #untold(delivery: Delivery, how: string, error: unknown): void {
    this.#stats.lost();
    const fields = { queue: delivery.info.queue, id: delivery.headers.id, how, error: messageOf(error) };
    if (hasCode(error, 'LEASE_LOST')) this.#logger.warn(fields, 'the broker had taken the message back');
    else this.#logger.error(fields, 'the broker could not be told about a message');
  }
}

function tell(delivery: Delivery, how: Disposal['message'], delaySeconds?: number): Promise<void> {
  switch (how) {
    case 'ack':
      return delivery.ack();
    case 'reject':
      return delivery.reject();
    case 'release':
      return delivery.release(delaySeconds);
    case 'none':
      return Promise.resolve();
  }
}
