import type { Clock } from '../../base/index.js';
import type { Outcome } from '../execution/outcome.js';
import type { PrefetchWindow } from '../intake/prefetch.js';
import type { Run } from '../runs/run.js';
import { EtaTimers } from './eta-timers.js';
import type { RateLimits } from './rate-limit.js';

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly window: PrefetchWindow;
  readonly limits: RateLimits;
  /** Longest time the broker itself can keep a message that is given back, in seconds; 0 when it cannot, or cannot any longer. */
  readonly maxParkSeconds: () => number;
  /** Most messages held in memory until their ETA, when the broker can hold them instead. */
  readonly maxHeld: number;
  readonly enqueue: (run: Run) => void;
  readonly end: (run: Run, outcome: Outcome) => void;
}

/** Waits up to this long are spent in memory: handing the message back would cost more. */
const HOLD_MS = 5_000;

/** Lets each run begin at its time: at its ETA, and no sooner than its task's rate limit allows. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #eta: EtaTimers<Run>;
  readonly #rated: EtaTimers<Run>;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#eta = new EtaTimers(options.clock);
    this.#rated = new EtaTimers(options.clock);
  }

  readonly schedule = (run: Run, etaMs: number | null): void => {
    const wait = etaMs === null ? 0 : etaMs - this.#options.clock.now();
    if (etaMs === null || wait <= 0) return this.#limit(run);
    const { maxHeld, end } = this.#options;
    const maxParkSeconds = this.#options.maxParkSeconds();
    const brokerWaits = maxParkSeconds > 0 && (wait > HOLD_MS || this.#eta.size >= maxHeld);
    if (brokerWaits) {
      // Whole seconds, rounded down: the rest is waited for here, never started early and hardly ever late.
      const delaySeconds = Math.max(1, Math.min(maxParkSeconds, Math.floor(wait / 1000)));
      return end(run, { kind: 'postponed', delaySeconds });
    }
    this.#eta.hold(run, etaMs, () => {
      this.#tellWindow();
      this.#limit(run);
    });
    this.#tellWindow();
  };

  /** What waits for its ETA, with its moment in milliseconds. */
  entries(): readonly (readonly [run: Run, dueMs: number])[] {
    return this.#eta.entries();
  }

  /** Takes a run out of the wait. False when it does not wait. */
  drop(run: Run): boolean {
    const dropped = this.#eta.drop(run) || this.#rated.drop(run);
    this.#tellWindow();
    return dropped;
  }

  /** Takes back everything that waits. */
  drain(): Run[] {
    return [...this.#eta.drain(), ...this.#rated.drain()];
  }

  #limit(run: Run): void {
    const { clock, limits, enqueue } = this.#options;
    const wait = limits.take(run.task.name, run.policy.rateLimit, clock.monotonic());
    if (wait <= 0) return enqueue(run);
    this.#rated.hold(run, clock.now() + wait, () => enqueue(run));
  }

  #tellWindow(): void {
    this.#options.window.waiting(this.#eta.size);
  }
}
