import { type Clock, hasCode, ToolboxError } from '../../base/index.js';
import type { Destination, OutgoingMessage, PublishOptions } from '../../messaging/index.js';
import type { BatchedStore, Persistence } from './batched-store.js';
import { withOwnTag, writeEnvelope } from './envelope-writer.js';
import type { ExchangeTable, Route } from './exchange-table.js';
import type { Copy, QueueStore, SharedExchanges, StoreMessage } from './queue-store.js';

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
  async publish(
    message: OutgoingMessage,
    { exchange, routingKey, mandatory = true }: PublishOptions,
  ): Promise<void> {
    try {
      await this.#publish(message, { exchange, routingKey });
    } catch (error) {
      if (mandatory || !hasCode(error, 'UNROUTABLE')) throw error;
    }
  }

  async #publish(message: OutgoingMessage, destination: Destination): Promise<void> {
    const { store, exchanges } = this.#parts;
    const { shared } = store;
    if (shared && exchanges.typeOf(destination.exchange) === 'fanout') {
      return this.#broadcast(shared, message, destination);
    }
    const { taps, work } = shared
      ? await this.#routeShared(shared, destination)
      : exchanges.route(destination);
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
    if (shared) {
      const messages = [...taps.map(() => copy), ...work.map(() => delayed)];
      return this.#sendTogether(shared, [...taps, ...work], messages, destination);
    }
    await this.#sendAll(taps, copy, destination);
    await this.#sendAll(work, delayed, destination);
  }

  /** What others have bound counts as well. Before a message is refused, it is asked for anew. */
  async #routeShared(shared: SharedExchanges, destination: Destination): Promise<Route> {
    const { exchanges } = this.#parts;
    if (destination.exchange === '') return exchanges.route(destination);
    try {
      return exchanges.route(destination, await shared.bindings(destination.exchange));
    } catch (error) {
      if (!hasCode(error, 'UNROUTABLE') && !hasCode(error, 'NOT_DECLARED')) throw error;
      return exchanges.route(destination, await shared.bindings(destination.exchange, true));
    }
  }

  /** Each copy has a delivery tag of its own: Python consumers that hold two of them do not take them for one. */
  async #sendTogether(
    shared: SharedExchanges,
    queues: readonly string[],
    messages: readonly StoreMessage[],
    destination: Destination,
  ): Promise<void> {
    const bound = destination.exchange !== '';
    const copies = messages.map(
      (message, at): Copy => ({
        queue: queues[at] ?? '',
        bound,
        message: at === 0 ? message : { ...message, text: withOwnTag(message.text) },
      }),
    );
    try {
      await this.#parts.batched.sendTogether(shared, copies, this.#persistence());
    } catch (error) {
      throw translated(error, destination);
    }
  }

  async #broadcast(
    shared: SharedExchanges,
    message: OutgoingMessage,
    destination: Destination,
  ): Promise<void> {
    const text = writeEnvelope(message, destination, this.#parts.store.traits.besideEnvelope);
    await shared.broadcast(destination, text);
  }

  #persistence(): Persistence {
    const { clock, closing, store } = this.#parts;
    const deadline = clock.monotonic() + store.traits.publishDeadlineMs;
    return { until: () => deadline, signal: closing };
  }

  async #sendAll(queues: readonly string[], copy: StoreMessage, destination: Destination): Promise<void> {
    const { batched } = this.#parts;
    const persistence = this.#persistence();
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
