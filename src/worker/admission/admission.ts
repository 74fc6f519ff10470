import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { Coordination } from '../../coordination/index.js';
import type { Outcome } from '../execution/outcome.js';
import type { Run } from '../runs/run.js';
import { EtaTimers } from '../scheduling/eta-timers.js';
import { UniqueRuns } from './unique-runs.js';

export interface AdmissionOptions {
  readonly coordination: () => Promise<Coordination>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest time the broker itself can keep a message that is given back, in seconds; 0 when it cannot. */
  readonly maxParkSeconds: () => number;
  readonly enqueue: (run: Run) => void;
  readonly end: (run: Run, outcome: Outcome) => void;
}

/** Waits up to this long are spent in memory. */
const HOLD_MS = 5_000;
/** Between two questions, where the store is away or a lock is taken. */
const ASK_AGAIN_MS = 1_000;

/**
 * Lets runs begin that must agree with other workers: unique tasks, and those with a rate limit for the whole fleet. While
 * the store that knows cannot be asked, they wait.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #unique: UniqueRuns;
  readonly #waiting: EtaTimers<Run>;
  readonly #asking = new Map<Run, Promise<void>>();
  /** Monotonic milliseconds: when the last of this worker's refused runs of a task may come again. */
  readonly #later = new Map<string, number>();
  #away = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#unique = new UniqueRuns(options);
    this.#waiting = new EtaTimers(options.clock);
  }

  readonly pass = (run: Run): void => {
    const { unique, fleetIntervalMs } = run.policy;
    if (unique === null && fleetIntervalMs === null) return this.#options.enqueue(run);
    this.#asking.set(run, this.#ask(run));
  };

  /** Takes a run out of its wait. False when it does not wait. */
  drop(run: Run): boolean {
    return this.#waiting.drop(run) || this.#asking.has(run);
  }

  /** Takes back everything that waits. */
  drain(): Run[] {
    return [...this.#waiting.drain(), ...this.#asking.keys()];
  }

  /** To be awaited before the run is settled; undefined where there is nothing to do. Never rejects. */
  ended(run: Run, outcome: Outcome): Promise<void> | undefined {
    if (run.policy.unique === null) return undefined;
    const asked = this.#asking.get(run) ?? Promise.resolve();
    return asked.then(() => this.#unique.ended(run, outcome));
  }

  async #ask(run: Run): Promise<void> {
    let go: () => void;
    try {
      go = await this.#decide(run);
      this.#away = false;
    } catch (error) {
      this.#sayAway(run, error);
      go = () => this.#wait(run, ASK_AGAIN_MS);
    }
    this.#asking.delete(run);
    // Revoked, or handed back, meanwhile.
    if (run.phase === 'waiting') go();
  }

  async #decide(run: Run): Promise<() => void> {
    const { unique, fleetIntervalMs } = run.policy;
    const { end, enqueue, coordination, clock } = this.#options;
    const verdict = await this.#unique.admit(run);
    if (!verdict.mine) {
      if (unique?.while !== 'running') {
        return () => end(run, { kind: 'revoked', why: 'duplicate', first: verdict.first });
      }
      return () => this.#wait(run, this.#options.maxParkSeconds() > 0 ? HOLD_MS + 1 : ASK_AGAIN_MS);
    }
    if (fleetIntervalMs === null) return () => enqueue(run);
    const task = run.task.name;
    const turn = await (await coordination()).turn(
      `rate:${task}`,
      fleetIntervalMs,
      Math.max(HOLD_MS, fleetIntervalMs),
    );
    if (!turn.taken) return () => this.#wait(run, this.#behind(task, turn.waitMs, fleetIntervalMs));
    if (turn.waitMs <= 0) return () => enqueue(run);
    return () => this.#waiting.hold(run, clock.now() + turn.waitMs, () => enqueue(run));
  }

  /** Those refused in one worker come again one after another, not all at once. */
  #behind(task: string, waitMs: number, intervalMs: number): number {
    const now = this.#options.clock.monotonic();
    const at = Math.max(now + waitMs, this.#later.get(task) ?? 0);
    this.#later.set(task, at + intervalMs);
    return at - now;
  }

  #wait(run: Run, ms: number): void {
    const { clock, end, maxParkSeconds } = this.#options;
    const most = maxParkSeconds();
    if (ms > HOLD_MS && most > 0) {
      const delaySeconds = Math.max(1, Math.min(most, Math.floor(ms / 1000)));
      return end(run, { kind: 'postponed', delaySeconds });
    }
    this.#waiting.hold(run, clock.now() + ms, () => this.pass(run));
  }

  #sayAway(run: Run, error: unknown): void {
    const fields = { task: run.task.name, id: run.id, error: messageOf(error) };
    const level = this.#away ? 'debug' : 'error';
    this.#away = true;
    this.#options.logger[level](
      fields,
      'unique and rate limited tasks wait: what they share cannot be asked',
    );
  }
}
