import {
  type Clock,
  Lifecycle,
  type Logger,
  messageOf,
  type Service,
  type ServiceState,
} from '../../base/index.js';

/** One thing the monitor does again and again. */
export interface Chore {
  readonly name: string;
  /** Seconds from the end of one time to the beginning of the next. */
  readonly every: number;
  readonly run: () => Promise<void>;
}

export interface MonitorOptions {
  readonly chores: readonly Chore[];
  /** True while this process is the one of many that does the chores. */
  readonly isTheOne: () => Promise<boolean>;
  readonly close: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Looks at queues, workers and ends of tasks, and writes down what it sees. Any number may run on one database; one acts. */
export class Monitor implements Service {
  readonly #options: MonitorOptions;
  readonly #life = new Lifecycle('monitor');
  #stop = new AbortController();
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: MonitorOptions) {
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
    this.#working = Promise.all(this.#options.chores.map((chore) => this.#repeat(chore, this.#stop.signal)));
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

  async #repeat({ name, every, run }: Chore, signal: AbortSignal): Promise<void> {
    const { clock, isTheOne, logger } = this.#options;
    let well = true;
    while (!signal.aborted) {
      try {
        if (await isTheOne()) await run();
        well = true;
      } catch (error) {
        // Said once for each time that it is away.
        logger[well ? 'warn' : 'debug'](
          { error: messageOf(error) },
          `monitor: ${name} cannot be seen at present`,
        );
        well = false;
      }
      await clock.sleep(every * 1000, signal).catch(() => undefined);
    }
  }
}
