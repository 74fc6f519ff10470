import type { Signals } from '../app/index.js';
import { type Clock, type Emitter, type Logger, messageOf } from '../base/index.js';
import { Fifo } from './fifo.js';
import type { Outcome } from './outcome.js';
import { outcomeOf } from './outcome-of.js';
import type { Pool } from './pool.js';
import { startedRecord } from './records.js';
import type { ResultWriter } from './result-writer.js';
import type { Run } from './run.js';
import { type ContextServices, RunContext } from './run-context.js';
import type { Stats } from './stats.js';
import { armLimits } from './time-limits.js';

export interface ExecutorOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: Emitter<Signals>;
  readonly results: ResultWriter;
  readonly services: ContextServices;
  readonly stats: Stats;
  /** Takes over when a run has ended: its slot is free by then. Must not reject. */
  readonly onEnd: (run: Run, context: RunContext, outcome: Outcome) => void;
}

/** Gives runs to the pool, as many at a time as it has slots, in order of arrival. */
export class Executor {
  readonly #options: ExecutorOptions;
  readonly #ready = new Fifo<Run>();
  readonly #finish = new Map<Run, (outcome: Outcome) => void>();
  #active = 0;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /** Slots in use. */
  get active(): number {
    return this.#active;
  }

  enqueue(run: Run): void {
    run.phase = 'reserved';
    this.#ready.push(run);
    this.#pump();
  }

  /** Takes back everything that has not begun. */
  drain(): Run[] {
    return this.#ready.drain();
  }

  /** Ends a run from outside: its code is stopped where the pool can, and unheard otherwise. False when it is not running. */
  cut(run: Run, outcome: Outcome): boolean {
    const finish = this.#finish.get(run);
    finish?.(outcome);
    return finish !== undefined;
  }

  #pump(): void {
    while (this.#active < this.#options.pool.size) {
      const run = this.#ready.shift();
      if (run === undefined) return;
      this.#active += 1;
      void this.#execute(run);
    }
  }

  async #execute(run: Run): Promise<void> {
    const context = new RunContext(run, this.#options.services);
    let outcome: Outcome;
    try {
      outcome = (await this.#prepare(run, context)) ?? (await this.#body(run, context));
    } catch (error) {
      outcome = { kind: 'failure', error };
    }
    run.phase = 'settling';
    this.#active -= 1;
    this.#pump();
    this.#options.onEnd(run, context, outcome);
  }

  /** What comes before the body; an outcome when the body is not to run at all. */
  async #prepare(run: Run, context: RunContext): Promise<Outcome | undefined> {
    const { clock, logger, results, services, signals, stats } = this.#options;
    if (!run.held()) return { kind: 'returned', why: 'lost' };
    if (run.revoked !== null) return { kind: 'revoked', why: run.revoked };
    const now = clock.now();
    if (run.expiresAt !== null && now > run.expiresAt) return { kind: 'revoked', why: 'expired' };
    run.phase = 'running';
    run.startedAt = now;
    stats.started(run.message.task);
    if (!run.policy.acksLate) {
      try {
        await run.lease.ack();
        run.acked = true;
      } catch (error) {
        logger.warn({ id: run.id, error: messageOf(error) }, 'not acknowledged, therefore not run');
        return { kind: 'returned', why: 'lost' };
      }
    }
    if (signals.has('task_prerun')) {
      const { task, id } = run.message;
      await signals.send('task_prerun', { task, id, request: run.request, context });
    }
    if (run.policy.trackStarted && !run.ignoreResult) results.note(startedRecord(run, services));
    return undefined;
  }

  #body(run: Run, context: RunContext): Promise<Outcome> {
    const { clock, pool, services } = this.#options;
    const { task, message, children } = run;
    const job = { task, context, args: message.args, kwargs: message.kwargs, children };
    return new Promise((resolve) => {
      const disarm = armLimits(run, clock, (error) => cut({ kind: 'failure', error, timedOut: true }));
      const finish = (outcome: Outcome): void => {
        disarm?.();
        this.#finish.delete(run);
        resolve(outcome);
      };
      const cut = (outcome: Outcome): void => {
        pool.terminate(job);
        finish(outcome);
      };
      this.#finish.set(run, cut);
      pool.run(job).then(
        (value) => finish({ kind: 'success', value }),
        (error: unknown) => finish(outcomeOf(error, run, services.random)),
      );
    });
  }
}
