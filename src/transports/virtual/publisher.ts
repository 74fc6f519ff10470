import { type Clock, hasCode, ToolboxError } from '../../base/index.js';
import type { Destination, OutgoingMessage } from '../../messaging/index.js';
import type { BatchedStore } from './batched-store.js';
import { writeEnvelope } from './envelope-writer.js';
import type { ExchangeTable } from './exchange-table.js';
import type { QueueStore, StoreMessage } from './queue-store.js';

export interface PublisherParts {
  readonly store: QueueStore;
  readonly batched: BatchedStore;
  readonly exchanges: ExchangeTable;
  readonly clock: Clock;
  readonly closing: AbortSignal;
}

/** Sends one message to every queue it is routed to. */
export class Publisher {
  readonly #parts: PublisherParts;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /**
   * Tracked before runnable: the copies of taps are confirmed before any other is sent, so nothing can run that no tap
   * has seen. What would be refused for its size or its route is refused before the first copy.
   */
  async publish(message: OutgoingMessage, destination: Destination): Promise<void> {
    const { store, exchanges } = this.#parts;
    const { taps, work } = exchanges.route(destination);
    const text = writeEnvelope(message, destination, store.traits.besideEnvelope);
    const { properties, group, deduplicationId, delaySeconds } = message;
    const copy: StoreMessage = {
      text,
      properties,
      ...(group === undefined ? {} : { group }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
    };
    // A tap is told at once of what is to run later.
    const delayed = delaySeconds === undefined ? copy : { ...copy, delaySeconds };
    for (const queue of taps) this.#refuseTooBig(queue, copy);
    for (const queue of work) this.#refuseTooBig(queue, delayed);
    await this.#sendAll(taps, copy, destination);
    await this.#sendAll(work, delayed, destination);
  }

  async #sendAll(queues: readonly string[], copy: StoreMessage, destination: Destination): Promise<void> {
    const { batched, clock, closing, store } = this.#parts;
    const deadline = clock.monotonic() + store.traits.publishDeadlineMs;
    const persistence = { until: () => deadline, signal: closing };
    const outcomes = await Promise.allSettled(queues.map((queue) => batched.send(queue, copy, persistence)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw translated(outcome.reason, destination);
    }
  }

  #refuseTooBig(queue: string, copy: StoreMessage): void {
    const limit = this.#parts.store.limitOf(queue);
    const bytes = this.#parts.store.measure(copy);
    if (bytes <= limit) return;
    throw new ToolboxError(
      'BUDGET_EXCEEDED',
      `a message of ${bytes} bytes, as queue "${queue}" counts them, is over its limit of ${limit} bytes: ` +
        'pass large data by reference',
      { fields: { queue, bytes, limit } },
    );
  }
}

/** A queue addressed by its name and missing is a message without a route, as on brokers with exchanges of their own. */
function translated(error: unknown, { exchange, routingKey }: Destination): unknown {
  if (exchange !== '' || !hasCode(error, 'NOT_DECLARED')) return error;
  return new ToolboxError('UNROUTABLE', `no queue "${routingKey}" takes the message: ${error.message}`, {
    cause: error,
    fields: { exchange, routingKey },
  });
}
