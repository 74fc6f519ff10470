import type { App } from '../../app/index.js';
import {
  deferred,
  Lifecycle,
  messageOf,
  type Service,
  type ServiceState,
  type StopOptions,
} from '../../base/index.js';
import { connectionSettings, Session } from '../../postgres/index.js';
import { postgresDatabase } from '../store/postgres-database.js';
import { type RelayParts, relayPass } from './relay-pass.js';

export interface CreateRelayOptions {
  /** URL of the database the outbox is in. */
  readonly database: string;
  /** Seconds between two looks, where nothing is announced. Default 1. */
  readonly interval?: number;
  readonly afterPublish?: RelayParts['afterPublish'];
}

const CHANNEL = 'workertoolbox_outbox';

/**
 * The service that publishes what is in the outbox: at once when something is committed, and in each interval. Any number may
 * run; messages of one family go in their order. What is away (broker, database) is waited for.
 */
export function createRelay(app: App, options: CreateRelayOptions): Relay {
  return new Relay(app, options);
}

export class Relay implements Service {
  readonly #app: App;
  readonly #options: CreateRelayOptions;
  readonly #life = new Lifecycle('relay');
  #stop = new AbortController();
  #news = deferred();
  #working: Promise<void> = Promise.resolve();

  constructor(app: App, options: CreateRelayOptions) {
    this.#app = app;
    this.#options = options;
  }

  get state(): ServiceState {
    return this.#life.state;
  }

  get stopped(): Promise<void> {
    return this.#life.stopped;
  }

  async start(): Promise<void> {
    this.#life.begin();
    this.#stop = new AbortController();
    this.#life.running();
    this.#working = this.#work(this.#stop.signal);
  }

  /** Ends the pass under way, at the latest at the deadline (default 10 s). */
  async stop({ deadlineMs = 10_000 }: StopOptions = {}): Promise<void> {
    if (this.state === 'stopping') return this.stopped;
    if (this.state !== 'running') return;
    this.#life.stopping();
    this.#stop.abort();
    this.#news.resolve();
    const overdue = deferred();
    const cancel = this.#app.clock.after(deadlineMs, overdue.resolve);
    await Promise.race([this.#working, overdue.promise]);
    cancel();
    this.#life.ended();
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { database: url, interval = 1, afterPublish } = this.#options;
    const { clock } = this.#app;
    const logger = this.#app.logger.child({ service: 'relay' });
    const database = postgresDatabase({ url, logger, connections: 1 });
    const parts = { app: this.#app, database, logger, ...(afterPublish && { afterPublish }) };
    const heard = this.#listen(url);
    let away = false;
    while (!signal.aborted) {
      this.#news = deferred();
      try {
        await heard.listen();
        while ((await relayPass(parts)) > 0 && !signal.aborted);
        if (away) logger.info({}, 'outbox: goes on');
        away = false;
      } catch (error) {
        if (!away) logger.warn({ error: messageOf(error) }, 'outbox: tries again until it succeeds');
        away = true;
      }
      if (signal.aborted) break;
      const timer = new AbortController();
      await Promise.race([
        clock.sleep(interval * 1000, AbortSignal.any([signal, timer.signal])).catch(() => undefined),
        this.#news.promise,
      ]);
      timer.abort();
    }
    await Promise.allSettled([heard.close(), database.close()]);
  }

  /** What is announced is heard as long as the connection lasts; each look makes sure that there is one. */
  #listen(url: string): { listen(): Promise<void>; close(): Promise<void> } {
    const session = new Session({
      what: 'outbox',
      settings: connectionSettings(url, 'the outbox'),
      logger: this.#app.logger,
      preamble: () => `LISTEN ${CHANNEL};`,
      onNotification: () => this.#news.resolve(),
    });
    return {
      listen: async () => void (await session.query({ text: 'SELECT 1' })),
      close: () => session.close(),
    };
  }
}
