import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { Subscription } from '../../bus/index.js';
import { createControl, type ReceivedEvent, receiveEvents } from '../../remote/index.js';
import type { Celery } from '../../toolbox/index.js';

const AGAIN_MS = 5000;
/** Workers that started since are asked as often, as Flower does it a little more often. */
const ENABLE_MS = 15_000;

export interface TaskEventsOptions {
  readonly app: Celery | undefined;
  /** Ask workers to send events of their tasks, Python's among them, which do so only when asked. */
  readonly enable: boolean;
  readonly onEvent: (event: ReceivedEvent) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hears what workers tell of themselves and their tasks, as long as it may; tries again when it cannot. */
export class TaskEvents {
  readonly #options: TaskEventsOptions;
  readonly #stop = new AbortController();
  #subscription: Subscription | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(options: TaskEventsOptions) {
    this.#options = options;
  }

  start(): void {
    const { app } = this.#options;
    if (app !== undefined) this.#working = this.#hear(app);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#working;
    await this.#subscription?.close().catch(() => undefined);
  }

  async #hear(app: Celery): Promise<void> {
    const { onEvent, enable, clock, logger } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        this.#subscription ??= await receiveEvents(app, { onEvent });
        if (enable) await createControl(app).enableEvents({ reply: false });
        await clock.sleep(ENABLE_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.debug({ error: messageOf(error) }, 'dashboard: events of workers cannot be heard at present');
        await clock.sleep(AGAIN_MS, signal).catch(() => undefined);
      }
    }
  }
}
