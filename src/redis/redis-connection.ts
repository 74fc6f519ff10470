import type { ChainableCommander, Redis } from 'ioredis';
import { backoffMs, type Clock, hasCode, ToolboxError } from '../base/index.js';
import type { Dial } from './dial.js';
import { leadsAstray, translateFailure } from './redis-failures.js';
import type { RedisPurpose } from './redis-purpose.js';

const PAUSES = { baseMs: 50, maxMs: 1000 };

export interface ConnectionParts<Client extends Redis> {
  readonly name: string;
  readonly dial: Dial<Client>;
  readonly purpose: RedisPurpose;
  /** For messages; password masked. */
  readonly url: string;
  readonly clock: Clock;
  /** Milliseconds for which a command that may be sent twice is tried again. */
  readonly patienceMs: number;
  /** How often at most. Default: as the time allows. */
  readonly retries?: number;
  /** Milliseconds between these attempts: the first pause, and the longest. */
  readonly pauses?: { readonly baseMs: number; readonly maxMs: number };
  /** Done with each new connection before it is used. */
  readonly prepare?: (client: Client) => Promise<void>;
  /** Told when an open connection has ended. */
  readonly lost?: () => void;
}

/** One connection, opened when it is asked for, and again after it was lost: by one attempt at a time. */
export class RedisConnection<Client extends Redis> {
  readonly #parts: ConnectionParts<Client>;
  #client: Client | undefined;
  #opening: Promise<Client> | undefined;
  #everOpen = false;
  #closed = false;

  constructor(parts: ConnectionParts<Client>) {
    this.#parts = parts;
  }

  /** Runs commands on the open connection. Rejects with a ToolboxError. */
  async run<T>(what: string, use: (client: Client) => Promise<T>): Promise<T> {
    const client = this.#client ?? (await this.open());
    try {
      return await use(client);
    } catch (error) {
      if (leadsAstray(error)) this.#drop(client);
      throw translateFailure(error, what, this.#parts.url, this.#parts.purpose);
    }
  }

  /** The same for what may be done twice: for a while it is tried again when a connection that was open is lost over it. */
  async repeat<T>(what: string, use: (client: Client) => Promise<T>): Promise<T> {
    const { clock, patienceMs, purpose } = this.#parts;
    const { retries = Number.POSITIVE_INFINITY, pauses = PAUSES } = this.#parts;
    const until = clock.monotonic() + patienceMs;
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.run(what, use);
      } catch (error) {
        const wait = backoffMs(failures, pauses);
        const hopeless = !this.#everOpen || failures >= retries || !hasCode(error, purpose.unreachable);
        if (hopeless || clock.monotonic() + wait >= until) throw error;
        await clock.sleep(wait);
      }
    }
  }

  open(): Promise<Client> {
    if (this.#client !== undefined) return Promise.resolve(this.#client);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => {});
    this.#client?.disconnect();
  }

  /** Gives up the connection there is: the next command opens another. */
  renew(): void {
    if (this.#client !== undefined) this.#drop(this.#client);
  }

  #drop(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.disconnect();
    this.#parts.lost?.();
  }

  async #open(): Promise<Client> {
    const { dial, name, url, prepare, purpose } = this.#parts;
    if (this.#closed)
      throw new ToolboxError('STATE_INVALID', `the connection to Redis of ${purpose.url} is closed`);
    const client = await dial(name);
    let cause: unknown;
    client.on('error', (error) => {
      cause = error;
    });
    try {
      // What this answers tells also of a missing login, and of a server that is still loading.
      await client.connect().then(() => client.ping());
      await prepare?.(client);
    } catch (error) {
      client.disconnect();
      throw translateFailure(cause ?? error, 'connect', url, purpose);
    }
    client.once('close', () => this.#drop(client));
    if (client.status !== 'ready')
      throw translateFailure(cause ?? new Error('closed'), 'connect', url, purpose);
    this.#client = client;
    this.#everOpen = true;
    return client;
  }
}

/** The answers of several commands sent together. Rejects with the first error among them. */
export async function answersOf(commands: ChainableCommander): Promise<unknown[]> {
  const replies = (await commands.exec().catch(firstCause)) ?? [];
  return replies.map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}

/** Of a transaction that was discarded the driver tells beside it why. */
function firstCause(error: unknown): never {
  const causes = (error as { readonly previousErrors?: readonly unknown[] } | null)?.previousErrors;
  throw causes?.[0] ?? error;
}
