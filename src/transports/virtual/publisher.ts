import { type Clock, hasCode, ToolboxError } from '../../base/index.js';
import type { Destination, OutgoingMessage, PublishOptions } from '../../messaging/index.js';
import type { BatchedStore, Persistence } from './batched-store.js';
import { withOwnTag, writeEnvelope } from './envelope-writer.js';
import type { ExchangeTable, Route } from './exchange-table.js';
import type { Copy, QueueStore, SharedExchanges, StoreMessage } from './queue-store.js';
import { discardAll, type StowedCopy, sendOrDiscard, stowAll } from './stowage.js';

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
      await this.#publish(message, { exchange, routingKey }, mandatory);
    } catch (error) {
      if (mandatory || !hasCode(error, 'UNROUTABLE')) throw error;
    }
  }

  async #publish(message: OutgoingMessage, destination: Destination, mandatory: boolean): Promise<void> {
    const { store, exchanges } = this.#parts;
    const { shared } = store;
    if (shared && exchanges.typeOf(destination.exchange) === 'fanout') {
      return this.#broadcast(shared, message, destination);
    }
    const { taps, work } = shared
      ? await this.#routeShared(shared, destination)
      : exchanges.route(destination);
    const text = writeEnvelope(message, destination, store.traits.besideEnvelope);
    const { properties, group, deduplicationId } = message;
    const delaySeconds = store.delayOf ? store.delayOf(message) : message.delaySeconds;
    const copy: StoreMessage = {
      text,
      properties,
      ...(group === undefined ? {} : { group }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
    };
    const delayed = delaySeconds === undefined ? copy : { ...copy, delaySeconds };
    if (shared) {
      for (const queue of taps) this.#refuseTooBig(queue, copy);
      for (const queue of work) this.#refuseTooBig(queue, delayed);
      const messages = [...taps.map(() => copy), ...work.map(() => delayed)];
      return this.#sendTogether(shared, [...taps, ...work], messages, destination, mandatory);
    }
    // A tap is told at once of what is to run later.
    const first = taps.map((queue): Copy => ({ queue, message: copy }));
    const then = work.map((queue): Copy => ({ queue, message: delayed }));
    await this.#sendInTurn([first, then], destination);
  }

  /** What is too large is put outside, where the store can, or refused: in either case before the first copy is sent. */
  async #sendInTurn(turns: readonly (readonly Copy[])[], destination: Destination): Promise<void> {
    const { store } = this.#parts;
    if (store.stow === undefined) {
      for (const { queue, message } of turns.flat()) this.#refuseTooBig(queue, message);
      for (const copies of turns) await this.#sendAll(copies, destination);
      return;
    }
    const ready = await stowAll(store, turns);
    for (const [turn, copies] of ready.entries()) {
      try {
        await this.#sendAll(copies, destination);
      } catch (error) {
        await discardAll(ready.slice(turn + 1).flat());
        throw error;
      }
    }
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
    mandatory: boolean,
  ): Promise<void> {
    // Python's queues of replies have no binding: of those nobody can tell whether they are there.
    const bound = destination.exchange !== '' || !mandatory;
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

  async #sendAll(copies: readonly StowedCopy[], destination: Destination): Promise<void> {
    const { batched } = this.#parts;
    const persistence = this.#persistence();
    const outcomes = await Promise.allSettled(
      copies.map(({ queue, message, discard }) =>
        sendOrDiscard(() => batched.send(queue, message, persistence), discard),
      ),
    );
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
