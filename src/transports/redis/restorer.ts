import { type Clock, type Logger, messageOf } from '../../base/index.js';
import { topicMatches } from '../../messaging/index.js';
import type { BindingDirectory } from './binding-directory.js';
import type { BrokerConnection } from './broker-connection.js';
import type { Keys } from './keys.js';
import { readEntry } from './unacked-entry.js';

/** Milliseconds between looks: with the lease itself, the longest a crashed consumer's messages are away. */
const EVERY_MS = 5000;
/** Deliveries looked at in one step. */
const BATCH = 100;

export interface RestorerParts {
  readonly connection: BrokerConnection;
  readonly keys: Keys;
  readonly bindings: BindingDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseSeconds: number;
}

/** A message to be put back: the delivery it was, and the lists it goes to. */
interface Return {
  readonly tag: string;
  readonly score: string;
  readonly lists: readonly string[];
  readonly text: string;
}

/** Puts deliveries back whose consumer has not been heard of for a lease: others' as well as ours, kombu's too. */
export class Restorer {
  readonly #parts: RestorerParts;
  #cancel: (() => void) | undefined;
  #nextAt = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #closed = false;

  constructor(parts: RestorerParts) {
    this.#parts = parts;
  }

  /** From now on it looks regularly. */
  start(): void {
    if (this.#nextAt === Number.POSITIVE_INFINITY && this.#looking === undefined) this.lookIn(0);
  }

  /** Something is due in `ms`. */
  lookIn(ms: number): void {
    const { clock } = this.#parts;
    const at = clock.monotonic() + ms;
    if (this.#closed || at >= this.#nextAt) return;
    this.#cancel?.();
    this.#nextAt = at;
    this.#cancel = clock.after(ms, () => {
      this.#nextAt = Number.POSITIVE_INFINITY;
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined;
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#looking;
  }

  async #look(): Promise<void> {
    let dueMs = EVERY_MS;
    try {
      let found: { readonly count: number; readonly dueMs: number };
      do {
        found = await this.#restoreBatch();
        dueMs = found.dueMs;
      } while (found.count === BATCH && !this.#closed);
    } catch (error) {
      if (!this.#closed) {
        this.#parts.logger.warn({ error: messageOf(error) }, 'abandoned messages could not be restored yet');
      }
    }
    // Consumers do not look all at the same moment.
    this.lookIn(Math.max(20, Math.min(dueMs, EVERY_MS * (0.8 + 0.2 * Math.random()))));
  }

  async #restoreBatch(): Promise<{ count: number; dueMs: number }> {
    const { connection, keys, leaseSeconds, logger } = this.#parts;
    const [due = '', ...rows] = await connection.repeat('look for abandoned messages', (client) =>
      client.wtOverdue(2, keys.unacked, keys.unackedIndex, leaseSeconds, BATCH),
    );
    const dueMs = due === '' ? EVERY_MS : Math.ceil(Number(due) * 1000) + 1;
    const returns: Return[] = [];
    for (let at = 0; at < rows.length; at += 3) {
      const [tag = '', score = '', entry = ''] = rows.slice(at, at + 3);
      returns.push({ tag, score, ...(await this.#placeOf(tag, entry)) });
    }
    if (returns.length === 0) return { count: 0, dueMs };
    const places = new Map<string, number>();
    const args = returns.flatMap(({ tag, score, lists, text }) => {
      const copies = lists.flatMap((list) => {
        // The first two keys are those of the deliveries.
        if (!places.has(list)) places.set(list, places.size + 3);
        return [places.get(list) ?? 0, text];
      });
      return [tag, score, lists.length, ...copies];
    });
    const done = await connection.run('restore abandoned messages', (client) =>
      client.wtGiveBack(2 + places.size, keys.unacked, keys.unackedIndex, ...places.keys(), ...args),
    );
    const restored = done.reduce((sum, one) => sum + one, 0);
    if (restored > 0) logger.warn({ restored }, 'restored messages whose consumer has not been heard of');
    return { count: returns.length, dueMs };
  }

  /** A record of ours names its queue. One of kombu's names exchange and key: then it goes where these lead, as kombu does it. */
  async #placeOf(tag: string, entry: string): Promise<{ lists: readonly string[]; text: string }> {
    const { bindings, keys, logger } = this.#parts;
    if (entry === '') return { lists: [], text: '' };
    const read = readEntry(entry);
    if (read === undefined) {
      logger.error(
        { tag, list: keys.unreadable },
        'a record of a delivery that nobody can read was set aside',
      );
      return { lists: [keys.unreadable], text: entry };
    }
    const { exchange, routingKey, priority, returning } = read;
    const queues = new Set<string>();
    if (exchange === '') queues.add(routingKey);
    else {
      for (const binding of await bindings.of(exchange, true)) {
        const { topic, routingKey: key, queue } = binding;
        if (topic ? topicMatches(key, routingKey) : key === routingKey) queues.add(queue);
      }
      // Bound to nothing any more: Celery's queues have the name of the key, and a message is not dropped.
      if (queues.size === 0) queues.add(routingKey);
    }
    return { lists: [...queues].map((queue) => keys.listFor(queue, priority)), text: returning };
  }
}
