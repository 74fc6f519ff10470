import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { Subscription } from '../../bus/index.js';

/** Milliseconds between attempts to open what could not be opened. */
const AGAIN_MS = 10_000;

/**
 * Parts of remote control that a worker can do without: what cannot be opened (another node of that name is connected, or
 * the broker's rights do not allow it) is said once and tried again.
 */
export class RemoteParts {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #open = new Map<string, Subscription>();
  readonly #waiting = new Set<() => void>();
  #closed = false;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Names of those that are open. */
  get names(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Resolves when the part is open, or will be tried again. */
  async open(name: string, start: () => Promise<Subscription>): Promise<void> {
    try {
      await this.#start(name, start);
    } catch (error) {
      this.#logger.error(
        { part: name, error: messageOf(error) },
        'not available for now: the worker goes on without',
      );
      this.#again(name, start);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#waiting) cancel();
    await Promise.allSettled([...this.#open.values()].map((one) => one.close()));
  }

  async #start(name: string, start: () => Promise<Subscription>): Promise<void> {
    const subscription = await start();
    if (this.#closed) await subscription.close();
    else this.#open.set(name, subscription);
  }

  #again(name: string, start: () => Promise<Subscription>): void {
    if (this.#closed) return;
    const cancel = this.#clock.after(AGAIN_MS, () => {
      this.#waiting.delete(cancel);
      this.#start(name, start).then(
        () => this.#logger.info({ part: name }, 'available now'),
        (error: unknown) => {
          this.#logger.debug({ part: name, error: messageOf(error) }, 'still not available');
          this.#again(name, start);
        },
      );
    });
    this.#waiting.add(cancel);
  }
}
