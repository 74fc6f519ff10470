import { type Clock, type Logger, newId } from '../../base/index.js';
import type { Queue } from '../../messaging/index.js';
import type { ReceiveOptions, StoredMessage } from '../virtual/index.js';
import type { Keys } from './keys.js';
import type { Listener } from './listener.js';

/** Messages a queue keeps for a consumer that does not take them; beyond it the oldest go. */
const MAX_KEPT = 10_000;
/** Seconds of a wait: often enough to be seen alive. */
const WAIT_S = 4;

interface Inbox {
  readonly pattern: string;
  readonly kept: StoredMessage[];
  readonly waiting: Set<() => void>;
  consumers: number;
}

/**
 * Queues of fanout exchanges. As in kombu they are subscriptions: they receive while somebody consumes, each consumer
 * its own copy, and nothing is kept for later.
 */
export class Broadcasts {
  readonly #listener: Listener;
  readonly #keys: Keys;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #inboxes = new Map<string, Inbox>();

  constructor(listener: Listener, keys: Keys, clock: Clock, logger: Logger) {
    this.#listener = listener;
    this.#keys = keys;
    this.#clock = clock;
    this.#logger = logger;
  }

  has(queue: string): boolean {
    return this.#inboxes.has(queue);
  }

  /** Resolves when nothing more is missed; the function it gives ends the listening. */
  async attend({ name, exchange, routingKey }: Queue): Promise<() => Promise<void>> {
    const pattern = this.#keys.channelPattern(exchange.name, routingKey);
    const inbox = this.#inboxes.get(name) ?? { pattern, kept: [], waiting: new Set(), consumers: 0 };
    this.#inboxes.set(name, inbox);
    inbox.consumers += 1;
    await this.#listener.listen(pattern);
    return async () => {
      inbox.consumers -= 1;
      if (inbox.consumers === 0) this.#inboxes.delete(name);
      await this.#listener.forget(pattern);
    };
  }

  heard(pattern: string, text: string): void {
    for (const [queue, inbox] of this.#inboxes) {
      if (inbox.pattern !== pattern) continue;
      inbox.kept.push({ receipt: newId(), text, receiveCount: 1 });
      if (inbox.kept.length > MAX_KEPT) {
        inbox.kept.shift();
        this.#logger.warn({ queue }, 'a broadcast nobody took in time was dropped');
      }
      for (const wake of inbox.waiting) wake();
    }
  }

  async receive(
    queue: string,
    { max, waitSeconds = WAIT_S, signal }: ReceiveOptions,
  ): Promise<StoredMessage[]> {
    const inbox = this.#inboxes.get(queue);
    // Without its connection it would wait in vain: this opens it again, and says when that fails.
    await this.#listener.id();
    if (inbox === undefined) return [];
    if (inbox.kept.length === 0 && !signal.aborted) {
      const ended = new AbortController();
      const end = (): void => ended.abort();
      inbox.waiting.add(end);
      signal.addEventListener('abort', end, { once: true });
      await this.#clock.sleep(waitSeconds * 1000, ended.signal).catch(() => {});
      inbox.waiting.delete(end);
      signal.removeEventListener('abort', end);
    }
    return signal.aborted ? [] : inbox.kept.splice(0, max);
  }

  /** The connection has ended: whoever waits shall look after it. */
  wakeAll(): void {
    for (const { waiting } of this.#inboxes.values()) for (const wake of waiting) wake();
  }
}
