import {
  type Clock,
  Lifecycle,
  type Logger,
  messageOf,
  type Service,
  type ServiceState,
} from '../../base/index.js';

export interface RetentionOptions {
  readonly forget: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HOUR_MS = 3_600_000;

/** Forgets again and again, until it is stopped; it then ends after the statement that runs. Any number may run; one acts. */
export class Retention implements Service {
  readonly #options: RetentionOptions;
  readonly #life = new Lifecycle('retention');
  #stop = new AbortController();
  #working: Promise<void> = Promise.resolve();

  constructor(options: RetentionOptions) {
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
    this.#working = this.#repeat(this.#stop.signal);
  }

  async stop(): Promise<void> {
    if (this.state === 'stopping') return this.stopped;
    if (this.state !== 'running') return;
    this.#life.stopping();
    this.#stop.abort();
    await this.#working;
    await this.#options.close();
    this.#life.ended();
  }

  async #repeat(signal: AbortSignal): Promise<void> {
    const { forget, clock, logger } = this.#options;
    while (!signal.aborted) {
      try {
        await forget(signal);
      } catch (error) {
        logger.warn({ error: messageOf(error) }, 'old tasks cannot be removed at present');
      }
      await clock.sleep(HOUR_MS, signal).catch(() => undefined);
    }
  }
}
