import type { Clock } from '../../base/index.js';
import { type BrokerConnection, type BrokerDial, brokerConnection } from './broker-connection.js';
import type { ScriptedRedis } from './scripts.js';

/** Where Redis tells that a watched key has changed (CLIENT TRACKING). */
const CHANGES = '__redis__:invalidate';

export interface ListenerParts {
  readonly dial: BrokerDial;
  readonly url: string;
  readonly clock: Clock;
  readonly patienceMs: number;
  /** Milliseconds between signs of life asked of the connection; the answer is due within the socket's timeout. */
  readonly aliveMs: number;
  /** A watched key has changed. */
  readonly changed: (key: string) => void;
  /** Something was broadcast on a channel that matches `pattern`. */
  readonly heard: (pattern: string, text: string) => void;
  /** The connection has ended: what happened meanwhile is unknown. */
  readonly lost: () => void;
}

/** The connection on which Redis speaks first. */
export class Listener {
  readonly #parts: ListenerParts;
  readonly #connection: BrokerConnection;
  readonly #ids = new WeakMap<ScriptedRedis, number>();
  /** Patterns with the number of those who want them. */
  readonly #patterns = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#connection = brokerConnection({
      name: 'listen',
      dial: parts.dial,
      url: parts.url,
      clock: parts.clock,
      patienceMs: parts.patienceMs,
      prepare: (client) => this.#prepare(client),
      lost: () => {
        this.#cancel?.();
        parts.lost();
      },
    });
  }

  /** Redis' number of the open connection, to which it is to tell of changes. */
  async id(): Promise<number> {
    return this.#ids.get(await this.#connection.open()) ?? 0;
  }

  /** The connection may lead to another server than the others do: the next use opens it anew. */
  renew(): void {
    this.#connection.renew();
  }

  /** Resolves when nothing more is missed. */
  async listen(pattern: string): Promise<void> {
    this.#patterns.set(pattern, (this.#patterns.get(pattern) ?? 0) + 1);
    await this.#connection.run('subscribe', (client) => client.psubscribe(pattern));
  }

  async forget(pattern: string): Promise<void> {
    const left = (this.#patterns.get(pattern) ?? 1) - 1;
    if (left > 0) return void this.#patterns.set(pattern, left);
    this.#patterns.delete(pattern);
    await this.#connection.run('unsubscribe', (client) => client.punsubscribe(pattern));
  }

  async close(): Promise<void> {
    this.#cancel?.();
    await this.#connection.close();
  }

  async #prepare(client: ScriptedRedis): Promise<void> {
    this.#ids.set(client, Number(await client.client('ID')));
    client.on('message', (_channel, key) => this.#parts.changed(key));
    client.on('pmessage', (pattern, _channel, text) => this.#parts.heard(pattern, text));
    await client.subscribe(CHANGES);
    if (this.#patterns.size > 0) await client.psubscribe(...this.#patterns.keys());
    this.#keepAlive(client);
  }

  /** Asking again for what it has already is what a subscribed connection may send, and what it answers. */
  #keepAlive(client: ScriptedRedis): void {
    this.#cancel = this.#parts.clock.after(this.#parts.aliveMs, () => {
      client.subscribe(CHANGES).then(
        () => this.#keepAlive(client),
        () => client.disconnect(),
      );
    });
  }
}
