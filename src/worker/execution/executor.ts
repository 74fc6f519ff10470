import type { Signals, TaskContext } from '../../app/index.js';
import { type Clock, type Emitter, type Logger, messageOf } from '../../base/index.js';
import type { TaskEvents } from '../events/task-events.js';
import type { Pool } from '../pools/pool.js';
import type { Run } from '../runs/run.js';
import { startedRecord } from '../settlement/records.js';
import type { ResultWriter } from '../settlement/result-writer.js';
import { Fifo } from './fifo.js';
import type { Outcome } from './outcome.js';
import { outcomeOf } from './outcome-of.js';
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
  readonly events: TaskEvents;
  /** Takes over when a run has ended: its slot is free by then. Must not throw. */
  readonly onEnd: (run: Run, outcome: Outcome) => void;
}

/** Gives runs to the pool, as many at a time as it has slots, in order of arrival. */
export class Executor {
  readonly #options: ExecutorOptions;
  readonly #ready = new Fifo<Run>();
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
    this.pump();
  }

  /** Messages that wait for a slot. */
  get waiting(): number {
    return this.#ready.size;
  }

  /** Begins what the pool has slots for: to be called when it has got more of them. */
  pump(): void {
    while (this.#active < this.#options.pool.size) {
      const run = this.#ready.shift();
      if (run === undefined) return;
      this.#active += 1;
      this.#begin(run);
    }
  }

  /** Takes back everything that has not begun. */
  drain(): Run[] {
    return this.#ready.drain();
  }

  /** Ends a run from outside: its code is stopped where the pool can (by `signal`, where it has processes), and unheard otherwise. */
  cut(run: Run, outcome: Outcome, signal?: NodeJS.Signals): void {
    if (run.phase !== 'running') return;
    if (run.job !== undefined) this.#options.pool.terminate(run.job, signal);
    this.#end(run, outcome);
  }

  // Most runs have nothing to wait for before their body: they go straight on, without a promise of their own.
  #begin(run: Run): void {
    const { clock, signals, stats } = this.#options;
    run.phase = 'running';
    const now = clock.now();
    const refusal = refusalOf(run, now);
    if (refusal !== undefined) return this.#end(run, refusal);
    run.startedAt = now;
    run.beganAt = clock.monotonic();
    stats.started(run);
    run.context = new RunContext(run, this.#options.services);
    const straightOn = run.policy.acksLate && !run.redelivered && !signals.has('task_prerun');
    if (straightOn) this.#body(run, run.context);
    else void this.#prepare(run, run.context);
  }

  /** Acknowledges an early acknowledged task, leaves word of one that may be suspect, and lets listeners go first. */
  async #prepare(run: Run, context: TaskContext): Promise<void> {
    const { signals } = this.#options;
    if (run.policy.acksLate) await this.#marked(run);
    else if (!(await this.#acknowledged(run))) return;
    const { task, id } = run.message;
    await signals.send('task_prerun', { task, id, request: run.request, context });
    // It may have been cut meanwhile.
    if (run.phase === 'running') this.#body(run, context);
  }

  /** Of what was delivered before STARTED is stored, tracked or not: should it end this worker, the next one knows that it was begun. */
  async #marked(run: Run): Promise<void> {
    const { logger, results, services } = this.#options;
    if (!run.redelivered || run.ignoreResult) return;
    try {
      await results.store(startedRecord(run, services), run);
    } catch (error) {
      logger.warn({ id: run.id, error: messageOf(error) }, 'STARTED not stored');
    }
  }

  /**
   * Gives the message up before the run. STARTED is stored first: whatever becomes of this worker, the task has left a trace
   * by which it is missed.
   */
  async #acknowledged(run: Run): Promise<boolean> {
    const { logger, results, services } = this.#options;
    const { id } = run;
    try {
      if (isTracked(run) && !(await results.store(startedRecord(run, services), run))) {
        this.#end(run, { kind: 'returned', why: 'unstored' });
        return false;
      }
    } catch (error) {
      logger.warn({ id, error: messageOf(error) }, 'STARTED not stored');
    }
    // It may have been cut meanwhile: its message is dealt with.
    if (run.phase !== 'running') return false;
    run.acked = true;
    try {
      await run.lease.ack();
      return true;
    } catch (error) {
      run.acked = false;
      logger.warn({ id, error: messageOf(error) }, 'not acknowledged, therefore not run');
      this.#end(run, { kind: 'returned', why: 'lost' });
      return false;
    }
  }

  #body(run: Run, context: TaskContext): void {
    const { pool, services } = this.#options;
    const { task, message, children } = run;
    run.job = {
      message,
      delivery: run.deliveryInfo,
      task,
      context,
      children,
      accepted: (pid) => this.#accepted(run, pid),
      outcomeOf: (thrown) => outcomeOf(thrown, run, services.random),
    };
    void pool.run(run.job).then((outcome) => this.#end(run, outcome));
  }

  /** A slot has it: its clocks start. */
  #accepted(run: Run, pid: number): void {
    // It may have been cut while it waited for the slot.
    if (run.phase !== 'running') return;
    const { clock, results, services, events } = this.#options;
    run.pid = pid;
    if (events.on) events.started(run);
    const told = run.acked && pid === process.pid;
    if (isTracked(run) && !told) results.note(startedRecord(run, services));
    run.disarm = armLimits(run, clock, (error) => this.cut(run, { kind: 'failure', error, timedOut: true }));
  }

  /** The first end counts; what the code of an abandoned run comes to later is unheard. */
  #end(run: Run, outcome: Outcome): void {
    if (run.phase !== 'running') return;
    run.phase = 'settling';
    if (run.startedAt !== null) run.runtimeMs = this.#options.clock.monotonic() - run.beganAt;
    run.disarm?.();
    const { clock, stats } = this.#options;
    if (run.job !== undefined) stats.ran(run, clock.monotonic());
    this.#active -= 1;
    this.#options.onEnd(run, outcome);
    this.pump();
  }
}

const isTracked = (run: Run): boolean => run.policy.trackStarted && !run.ignoreResult;

function refusalOf(run: Run, now: number): Outcome | undefined {
  if (!run.held()) return { kind: 'returned', why: 'lost' };
  if (run.revoked !== null) return { kind: 'revoked', why: run.revoked };
  if (run.expiresAt !== null && now > run.expiresAt) return { kind: 'revoked', why: 'expired' };
  // A task that ends its worker comes for ever where the broker does not count (classic queues of RabbitMQ).
  const { redelivered, deliveryCount } = run.lease.info;
  return redelivered && deliveryCount === undefined && run.suspect && run.policy.acksLate
    ? { kind: 'uncounted' }
    : undefined;
}
