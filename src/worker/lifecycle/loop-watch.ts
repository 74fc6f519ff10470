import type { Clock, Logger } from '../../base/index.js';

/** Milliseconds between looks. */
const EVERY_MS = 500;
/** Milliseconds of delay that are told. */
const BLOCKED_MS = 1000;

export interface LoopWatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Names of the tasks that run, or have just run. */
  readonly running: () => readonly string[];
  /** What the broker makes of a silent worker. */
  readonly consequence: () => string;
}

/**
 * Looks at how late the event loop is. A blocked loop renews no leases, sends no heartbeats and answers nobody: the tasks
 * that ran meanwhile are named, for one of them is the cause.
 */
export class LoopWatch {
  readonly #options: LoopWatchOptions;
  #cancel: (() => void) | undefined;
  /** Seconds by which the last look was late. */
  lagSeconds = 0;
  /** Seconds of the longest delay so far. */
  worstSeconds = 0;

  constructor(options: LoopWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#look(this.#options.clock.monotonic() + EVERY_MS);
  }

  stop(): void {
    this.#cancel?.();
  }

  #look(dueMs: number): void {
    const { clock, logger, running, consequence } = this.#options;
    this.#cancel = clock.after(EVERY_MS, () => {
      const now = clock.monotonic();
      const lagMs = Math.max(0, now - dueMs);
      this.lagSeconds = lagMs / 1000;
      this.worstSeconds = Math.max(this.worstSeconds, this.lagSeconds);
      if (lagMs >= BLOCKED_MS) {
        logger.warn(
          { lag_ms: Math.round(lagMs), tasks: running() },
          `blocked event loop detected: ${consequence()}; run such tasks in the threads or prefork pool`,
        );
      }
      this.#look(now + EVERY_MS);
    });
  }
}
