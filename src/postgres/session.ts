import pg from 'pg';
import { illegalCall, type Logger, messageOf } from '../base/index.js';
import { type ConnectionSettings, STATEMENT_TIMEOUT_MS } from './connection-settings.js';
import { spoilsConnection } from './driver-errors.js';

export interface SessionOptions {
  /** What it leads to, for messages: `result database`. */
  readonly what: string;
  readonly settings: ConnectionSettings;
  readonly logger: Logger;
  /** Statements every new connection begins with. */
  readonly preamble?: () => string;
  readonly onOpen?: () => void;
  readonly onNotification?: (payload: string) => void;
  readonly onLost?: () => void;
}

/** The declarations of `pg` leave out that a client can be held and let go like a socket. */
type Client = pg.Client & { ref(): void; unref(): void };

/**
 * One connection that is opened when needed and again after it was lost. A statement is tried once: whether to repeat
 * it is the caller's decision. While nothing is asked of it, it does not keep the process alive.
 */
export class Session {
  readonly #options: SessionOptions;
  #client: Promise<Client> | undefined;
  #connected: Client | undefined;
  #pending = 0;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Rejects with the driver's error. */
  async query<R extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<pg.QueryResult<R>> {
    if (this.#closed) throw illegalCall(`using the ${this.#options.what}`, 'closed');
    const opening = (this.#client ??= this.#open());
    const client = await opening;
    this.#pending += 1;
    this.#connected?.ref();
    try {
      return await client.query<R>(query);
    } catch (error) {
      if (spoilsConnection(error)) this.#drop(opening, client, error);
      throw error;
    } finally {
      this.#pending -= 1;
      if (this.#pending === 0) this.#connected?.unref();
    }
  }

  /** Ends the connection for good. */
  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#client;
    this.#client = undefined;
    this.#connected = undefined;
    await opening?.then(
      (client) => {
        // Whoever waits for the end must live to see it.
        client.ref();
        return client.end();
      },
      () => undefined,
    );
  }

  #open(): Promise<Client> {
    const opening = this.#connect();
    const forget = (error: unknown): void => this.#drop(opening, undefined, error);
    opening.then((client) => {
      client.on('error', (error) => this.#drop(opening, client, error));
      client.on('end', () => this.#drop(opening, client, new Error('the server closed the connection')));
      client.on('notification', ({ payload }) => this.#options.onNotification?.(payload ?? ''));
      this.#connected = client;
      if (this.#pending === 0) client.unref();
      this.#options.onOpen?.();
    }, forget);
    return opening;
  }

  async #connect(): Promise<Client> {
    const client = new pg.Client(this.#options.settings.config) as Client;
    // An error event without a listener would end the process.
    client.on('error', (error) =>
      this.#options.logger.debug({ error: messageOf(error) }, this.#options.what),
    );
    try {
      await client.connect();
      const preamble = `SET TIME ZONE 'UTC'; SET statement_timeout = ${STATEMENT_TIMEOUT_MS};`;
      await client.query(`${preamble} ${this.#options.preamble?.() ?? ''}`);
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  #drop(opening: Promise<Client>, client: Client | undefined, error: unknown): void {
    if (this.#client !== opening) return;
    this.#client = undefined;
    this.#connected = undefined;
    if (client !== undefined) {
      void client.end().catch(() => undefined);
      this.#options.logger.warn({ error: messageOf(error) }, `connection to the ${this.#options.what} lost`);
    }
    this.#options.onLost?.();
  }
}
