import { backoffMs, type Clock, type Logger, messageOf } from '../../base/index.js';
import { type Dial, RESULTS, RedisConnection } from '../../redis/index.js';
import { ChangeFeed } from '../change-feed.js';
import type { ResultKeys } from './result-keys.js';
import type { ResultsRedis } from './scripts.js';

export interface ResultListenerParts {
  readonly dial: Dial<ResultsRedis>;
  readonly keys: ResultKeys;
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between signs of life asked of the connection, after which everything is looked at as well. */
  readonly aliveMs: number;
}

/** A channel nobody publishes on: asking for it is what a subscribed connection may send, and what it answers. */
const ALIVE = '__workertoolbox__:alive';
const RETRY = { baseMs: 50, maxMs: 2000 };

/**
 * Tells callers which of their tasks may have changed: Redis publishes each result on a channel of its key's name. After a
 * lost connection, and now and then besides, all are told of: a message that was missed is not waited for.
 */
export class ResultListener {
  readonly #parts: ResultListenerParts;
  readonly #connection: RedisConnection<ResultsRedis>;
  readonly #feed = new ChangeFeed();
  /** Channels with the number of those who follow them. */
  readonly #watched = new Map<string, number>();
  readonly #closing = new AbortController();
  #cancel: (() => void) | undefined;
  #recovering = false;

  constructor(parts: ResultListenerParts) {
    this.#parts = parts;
    this.#connection = new RedisConnection({
      ...parts,
      name: 'results-listen',
      purpose: RESULTS,
      patienceMs: 0,
      prepare: (client) => this.#prepare(client),
      lost: () => {
        this.#cancel?.();
        void this.#recover();
      },
    });
  }

  async *watch(taskIds: readonly string[], signal: AbortSignal): AsyncGenerator<readonly string[]> {
    if (signal.aborted) return;
    const channels = taskIds.map((taskId) => this.#parts.keys.task(taskId));
    const fresh = channels.filter((channel) => this.#add(channel));
    try {
      // What is read afterwards is not older than what is told.
      if (fresh.length > 0) await this.#subscribe(fresh);
      yield* this.#feed.follow(taskIds, signal);
    } finally {
      this.#leave(channels);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#cancel?.();
    await this.#connection.close();
  }

  /** True for a channel nobody followed before. */
  #add(channel: string): boolean {
    const followers = this.#watched.get(channel) ?? 0;
    this.#watched.set(channel, followers + 1);
    return followers === 0;
  }

  async #subscribe(channels: readonly string[]): Promise<void> {
    try {
      await this.#connection.run('subscribe', (client) => client.subscribe(...channels));
    } catch (error) {
      this.#parts.logger.debug({ error: messageOf(error) }, 'results are not told of for now');
      void this.#recover();
    }
  }

  #leave(channels: readonly string[]): void {
    const left = channels.filter((channel) => {
      const followers = (this.#watched.get(channel) ?? 1) - 1;
      if (followers > 0) this.#watched.set(channel, followers);
      else this.#watched.delete(channel);
      return followers === 0;
    });
    if (left.length === 0 || this.#closing.signal.aborted) return;
    this.#connection
      .run('unsubscribe', (client) => client.unsubscribe(...left))
      .catch((error: unknown) => this.#parts.logger.debug({ error: messageOf(error) }, 'unsubscribe'));
  }

  /** Opens the connection again, while somebody waits; what happened meanwhile is looked at. */
  async #recover(): Promise<void> {
    if (this.#recovering) return;
    this.#recovering = true;
    const { signal } = this.#closing;
    for (let attempt = 0; this.#watched.size > 0 && !signal.aborted; attempt += 1) {
      try {
        await this.#connection.open();
        break;
      } catch (error) {
        this.#parts.logger.debug({ error: messageOf(error) }, 'listening for results again later');
        await this.#parts.clock.sleep(backoffMs(attempt, RETRY), signal).catch(() => undefined);
      }
    }
    this.#recovering = false;
  }

  async #prepare(client: ResultsRedis): Promise<void> {
    client.on('message', (channel) => this.#feed.changed(this.#parts.keys.taskIdOf(channel)));
    await client.subscribe(ALIVE, ...this.#watched.keys());
    this.#lookAtAll();
    this.#keepAlive(client);
  }

  #keepAlive(client: ResultsRedis): void {
    this.#cancel = this.#parts.clock.after(this.#parts.aliveMs, () => {
      this.#lookAtAll();
      client.subscribe(ALIVE).then(
        () => this.#keepAlive(client),
        () => client.disconnect(),
      );
    });
  }

  #lookAtAll(): void {
    for (const channel of this.#watched.keys()) this.#feed.changed(this.#parts.keys.taskIdOf(channel));
  }
}
