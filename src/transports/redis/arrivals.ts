import { type Clock, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { BrokerConnection } from './broker-connection.js';
import type { Listener } from './listener.js';
import type { ScriptedRedis } from './scripts.js';

/** Milliseconds between looks where Redis cannot tell of changes. */
const BLIND_MS = 100;

/**
 * Waits for messages without taking them. Redis is asked to tell when one of a queue's lists changes (client side caching,
 * CLIENT TRACKING, since Redis 6): one connection waits for any number of queues and priority steps, nothing is popped
 * before the step that also records it, and an idle consumer costs nothing. See docs/decisions/redis-waiting.md.
 */
export class Arrivals {
  readonly #fetch: BrokerConnection;
  readonly #listener: Listener;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, Set<() => void>>();
  #told: { readonly client: ScriptedRedis; readonly id: number } | undefined;
  #blind = false;

  constructor(fetch: BrokerConnection, listener: Listener, clock: Clock, logger: Logger) {
    this.#fetch = fetch;
    this.#listener = listener;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Resolves when one of the lists may hold something, after `ms`, or when aborted. */
  async wait(lists: readonly string[], ms: number, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const end = (): void => ended.abort();
    signal.addEventListener('abort', end, { once: true });
    // Before Redis is asked to watch: what it tells may arrive before its answer.
    for (const list of lists) this.#waitersOf(list).add(end);
    try {
      if (signal.aborted || (!this.#blind && (await this.#watch(lists)))) return;
      const patience = this.#blind ? Math.min(BLIND_MS, ms) : ms;
      await this.#clock.sleep(patience, ended.signal).catch(() => {});
    } finally {
      signal.removeEventListener('abort', end);
      for (const list of lists) {
        const waiters = this.#waitersOf(list);
        waiters.delete(end);
        if (waiters.size === 0) this.#waiting.delete(list);
      }
    }
  }

  /** A watched key has changed. An unknown name stands for all of them: Redis says so when it has been emptied. */
  changed(list: string): void {
    const waiters = this.#waiting.get(list);
    if (waiters === undefined) this.wakeAll();
    else for (const wake of waiters) wake();
  }

  wakeAll(): void {
    for (const waiters of this.#waiting.values()) for (const wake of waiters) wake();
  }

  /** True when there is something already. */
  async #watch(lists: readonly string[]): Promise<boolean> {
    const id = await this.#listener.id();
    return this.#fetch.run('watch queues', async (client) => {
      if (this.#told?.client !== client || this.#told.id !== id) await this.#tell(client, id);
      if (this.#blind) return false;
      const [, found] = (await client
        .pipeline()
        .client('CACHING', 'YES')
        .exists(...lists)
        .exec()) ?? [undefined, [new Error('no answer'), 0]];
      if (found?.[0]) throw found[0];
      return Number(found?.[1]) > 0;
    });
  }

  async #tell(client: ScriptedRedis, id: number): Promise<void> {
    try {
      await client.client('TRACKING', 'ON', 'REDIRECT', id, 'OPTIN');
      this.#told = { client, id };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ReplyError') throw error;
      if (/does not exist/.test(error.message)) {
        // The listener was lost meanwhile, or a failover has led the two connections to different servers.
        this.#listener.renew();
        throw new ToolboxError(
          'BROKER_UNREACHABLE',
          'the connection Redis tells of changes on has to be opened anew',
        );
      }
      this.#blind = true;
      this.#logger.warn(
        { error: messageOf(error) },
        `Redis does not tell of changes (CLIENT TRACKING): queues are looked at every ${BLIND_MS} ms`,
      );
    }
  }

  #waitersOf(list: string): Set<() => void> {
    const known = this.#waiting.get(list) ?? new Set();
    this.#waiting.set(list, known);
    return known;
  }
}
