import type { Coordination, LockAnswer, TurnAnswer } from '../../coordination/index.js';
import type { BrokerConnection } from './broker-connection.js';
import type { Keys } from './keys.js';

/** Locks and lines in keys of the broker's own Redis, on the connection of its commands. As durable as that Redis is. */
export class RedisCoordination implements Coordination {
  readonly place: string;
  readonly #commands: BrokerConnection;
  readonly #keys: Keys;

  constructor(commands: BrokerConnection, keys: Keys, url: string) {
    this.#commands = commands;
    this.#keys = keys;
    this.place = url;
  }

  async acquire(lock: string, token: string, ttlMs: number): Promise<LockAnswer> {
    const key = this.#keys.lock(lock);
    const [holder, left = 0] = await this.#commands.repeat('acquire a lock', (client) =>
      client.wtLock(1, key, token, Math.max(1, Math.ceil(ttlMs))),
    );
    return holder === undefined
      ? { held: true }
      : { held: false, holder: String(holder), freeInMs: Number(left) };
  }

  async release(lock: string, token: string): Promise<boolean> {
    const key = this.#keys.lock(lock);
    const [released] = await this.#commands.repeat('release a lock', (client) =>
      client.wtUnlock(1, key, token),
    );
    return released === 1;
  }

  async turn(line: string, intervalMs: number, mostMs: number): Promise<TurnAnswer> {
    const micros = (ms: number): number => Math.round(ms * 1000);
    // Asked again after a lost answer it would be a second turn.
    const [taken, waitMicros] = await this.#commands.run('take a turn', (client) =>
      client.wtTurn(1, this.#keys.line(line), micros(intervalMs), micros(mostMs)),
    );
    return { taken: taken === 1, waitMs: Number(waitMicros) / 1000 };
  }

  /** The connection is the transport's. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
