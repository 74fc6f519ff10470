import { type App, decodeContext, readTaskMessage, type Settings } from '../app/index.js';
import type { Clock, Logger } from '../base/index.js';
import type { Consumption, Delivery, Transport } from '../messaging/index.js';
import type { ResultBackend } from '../results/index.js';
import { Admission } from './admission/admission.js';
import type { Pulse } from './events/heart.js';
import type { TaskEvents } from './events/task-events.js';
import { Executor } from './execution/executor.js';
import type { Outcome } from './execution/outcome.js';
import { Stats } from './execution/stats.js';
import { WorkerShutdown } from './execution/task-errors.js';
import { Disposer } from './intake/disposer.js';
import { Intake } from './intake/intake.js';
import { PrefetchWindow } from './intake/prefetch.js';
import type { Quarantine } from './intake/quarantine.js';
import { RecentAttempts } from './intake/recent.js';
import { SetAside } from './intake/set-aside.js';
import { Tally } from './intake/tally.js';
import type { Pool } from './pools/pool.js';
import { Revoker } from './revoking/revoker.js';
import type { Revokes } from './revoking/revokes.js';
import type { Run } from './runs/run.js';
import { TaskPolicies } from './runs/run-policy.js';
import { RunTable } from './runs/run-table.js';
import { RateLimits } from './scheduling/rate-limit.js';
import { Scheduler } from './scheduling/scheduler.js';
import type { ChordPart } from './settlement/chord-part.js';
import { chordPartFor } from './settlement/count-in-store.js';
import { Finisher } from './settlement/finisher.js';
import { following } from './settlement/following.js';
import { Followups } from './settlement/followups.js';
import { Publisher } from './settlement/publisher.js';
import { ResultWriter } from './settlement/result-writer.js';
import type { ResolvedWorkerOptions } from './worker-options.js';

export interface EngineOptions {
  readonly app: App;
  readonly broker: Transport;
  readonly backend: ResultBackend | undefined;
  readonly pool: Pool;
  readonly quarantine: Quarantine;
  readonly options: ResolvedWorkerOptions;
  readonly chordPart: ChordPart | undefined;
  readonly revokes: Revokes;
  /** Keeps what is revoked beyond this process. */
  readonly saveRevokes: () => Promise<void>;
  readonly events: TaskEvents;
  /** Undefined: the worker sends no heartbeats. */
  readonly pulse: Pulse | undefined;
  /** Told what each run came to in the end. */
  readonly onEnded?: (run: Run, outcome: Outcome) => void;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * The way of a message through a worker: intake, scheduler (ETA, rate limit), executor (slots, pool), finisher (rows,
 * follow-ups, acknowledgement). This class only joins them.
 */
export class Engine {
  readonly table = new RunTable();
  readonly stats = new Stats();
  readonly limits = new RateLimits();
  readonly policies: TaskPolicies;
  readonly revoker: Revoker;
  readonly window: PrefetchWindow;
  readonly #prefetchFor: (slots: number) => number;
  readonly #tally = new Tally();
  readonly #results: ResultWriter;
  readonly #publisher: Publisher;
  readonly #executor: Executor;
  readonly #scheduler: Scheduler;
  readonly #finisher: Finisher;
  readonly #admission: Admission;
  readonly #end: (run: Run, outcome: Outcome) => void;
  readonly #intake: Intake;
  /** Running, and their messages are the broker's again. */
  readonly #orphans = new Set<Run>();
  readonly #afterLoss: { readonly conf: Settings; readonly prefetchPerSlot: number };
  #consumption: Consumption | undefined;

  constructor(given: EngineOptions) {
    const {
      app,
      broker,
      backend,
      pool,
      quarantine,
      options,
      chordPart,
      revokes,
      events,
      pulse,
      onEnded,
      logger,
      clock,
    } = given;
    const { signals, conf } = app;
    const { stats, table } = this;
    const tally = this.#tally;
    const recent = new RecentAttempts();
    const readable = decodeContext(app);
    const disposer = new Disposer(logger, stats);
    const setAside = new SetAside({ quarantine, disposer, signals, stats, logger });
    const source = {
      hostname: options.hostname,
      extended: conf.result_extended,
      attempts: backend?.capabilities.attempts === true,
      pulse,
    };
    this.policies = new TaskPolicies(conf);
    // A task whose options make no sense is found now, not with its first message.
    for (const name of app.tasks.names()) {
      const task = app.tasks.get(name);
      if (task !== undefined) this.policies.of(task);
    }
    this.#prefetchFor = options.prefetchFor;
    this.window = new PrefetchWindow(
      options.prefetchFor(options.autoscale?.max ?? pool.size),
      options.etaLimit,
    );
    this.#results = new ResultWriter({
      backend,
      clock,
      logger,
      ...(conf.result_backend_always_retry && {
        budgetMs: Number.POSITIVE_INFINITY,
        maxProbeMs: conf.result_backend_max_sleep_between_retries_ms,
      }),
      onAway: () => this.#consumption?.pause(),
      onBack: () => this.#consumption?.resume(),
    });
    const results = this.#results;
    this.#publisher = new Publisher(clock, logger);
    this.#finisher = new Finisher({
      deps: {
        results,
        followups: new Followups(app, this.#publisher, results),
        publisher: this.#publisher,
        requeue: (message, queue) => broker.publish(message, { exchange: '', routingKey: queue }),
        maxDeliveries: options.maxDeliveries,
        keep: (delivery, reason) => setAside.keep(delivery, 'deliveries', reason),
        send: (call, run) => following(app, run, () => app.send(call))(),
        chordPart: chordPart ?? chordPartFor(app, backend),
        source,
        signals,
        logger,
        clock,
      },
      disposer,
      table,
      recent,
      stats,
      tally,
      signals,
      events,
      logger,
      ...(onEnded && { onEnded }),
      again: (delivery) => this.accept(delivery),
    });
    this.#afterLoss = { conf, prefetchPerSlot: options.prefetchFor(1) };
    const end = (run: Run, outcome: Outcome): void => {
      if (this.#orphans.delete(run)) this.window.owe(this.#orphans.size * options.prefetchFor(1));
      const freed = this.#admission.ended(run, outcome);
      if (freed === undefined) return this.#finisher.end(run, outcome);
      run.phase = 'settling';
      void freed.then(() => this.#finisher.end(run, outcome));
    };
    this.#end = end;
    this.#admission = new Admission({
      coordination: () => app.coordination(),
      clock,
      logger,
      maxParkSeconds: () => broker.capabilities.maxParkSeconds,
      enqueue: (run) => this.#executor.enqueue(run),
      end,
    });
    this.#executor = new Executor({
      pool,
      clock,
      logger,
      signals,
      results,
      services: { app, ...source, logger, backend, random: options.random },
      stats,
      events,
      onEnd: end,
    });
    this.#scheduler = new Scheduler({
      clock,
      window: this.window,
      limits: this.limits,
      maxParkSeconds: () => broker.capabilities.maxParkSeconds,
      maxHeld: options.etaLimit,
      enqueue: this.#admission.pass,
      end,
    });
    this.#intake = new Intake({
      app,
      clock,
      logger,
      policies: this.policies,
      table,
      tally,
      stats,
      events,
      recent,
      results,
      disposer,
      decode: (delivery) => readTaskMessage(delivery, readable),
      setAside,
      isRevoked: (message) => revokes.covers(message),
      maxDeliveries: options.maxDeliveries,
      end,
      schedule: this.#scheduler.schedule,
    });
    this.revoker = new Revoker({
      revokes,
      table,
      backend,
      save: given.saveRevokes,
      drop: (run) => this.#scheduler.drop(run) || this.#admission.drop(run),
      end,
      cut: (run, outcome, signal) => this.#executor.cut(run, outcome, signal),
      logger,
    });
  }

  /** Never throws. */
  accept(delivery: Delivery): void {
    this.#intake.accept(delivery);
  }

  /** The pool has that many slots now, or may have. */
  resized(slots: number): void {
    this.window.resize(this.#prefetchFor(slots));
    this.#executor.pump();
  }

  attach(consumption: Consumption): void {
    this.#consumption = consumption;
    this.window.attach(consumption);
  }

  /** Slots in use. */
  get active(): number {
    return this.#executor.active;
  }

  /** Messages that run, or would if there were slots for them. */
  get load(): number {
    return this.#executor.active + this.#executor.waiting;
  }

  /** Messages taken and not yet disposed of. */
  get pending(): number {
    return this.#tally.count;
  }

  get resultsAway(): boolean {
    return this.#results.away;
  }

  /** Names of the tasks that run, and of the one that began last. */
  running(): readonly string[] {
    const names = this.table.in('running').map(({ task }) => task.name);
    return [...new Set([...(this.stats.latest === undefined ? [] : [this.stats.latest]), ...names])];
  }

  scheduled(): readonly (readonly [run: Run, dueMs: number])[] {
    return this.#scheduler.entries();
  }

  /** Fails a running task from outside its code. False when it does not run here. */
  fail(id: string, error: unknown): boolean {
    const run = this.table.get(id);
    if (run?.phase !== 'running') return false;
    this.#executor.cut(run, { kind: 'failure', error });
    return true;
  }

  /**
   * Told that the connection was interrupted. Runs whose messages went back with it are cancelled where the settings say so
   * (`worker_cancel_long_running_tasks_on_connection_loss`); else their slots count as taken until they end
   * (`worker_enable_prefetch_count_reduction`).
   */
  interrupted(): void {
    const { conf, prefetchPerSlot } = this.#afterLoss;
    const orphans = this.table.in('running').filter((run) => !run.held());
    if (conf.worker_cancel_long_running_tasks_on_connection_loss) {
      for (const run of orphans) {
        run.abort(new WorkerShutdown('the connection to the broker was lost'));
        this.#executor.cut(run, { kind: 'returned', why: 'lost' });
      }
    } else if (conf.worker_enable_prefetch_count_reduction) {
      for (const run of orphans) this.#orphans.add(run);
      this.window.owe(this.#orphans.size * prefetchPerSlot);
    }
  }

  /** Takes no more work and hands back all that has not begun. */
  handBack(): void {
    this.#intake.close();
    for (const run of [...this.#scheduler.drain(), ...this.#admission.drain(), ...this.#executor.drain()]) {
      this.#end(run, { kind: 'returned', why: 'shutdown' });
    }
  }

  /** Resolves when every message taken has been disposed of. */
  idle(): Promise<void> {
    return this.#tally.whenZero();
  }

  /** Tells running tasks to end. */
  abortRunning(): void {
    for (const run of this.table.in('running')) run.abort(new WorkerShutdown());
  }

  /** Gives up what has not ended: its messages go back, its code goes unheard, its waits end. */
  cutRunning(): void {
    this.#results.close();
    this.#publisher.close();
    for (const run of this.table.in('running')) {
      this.#executor.cut(run, { kind: 'returned', why: 'shutdown' });
    }
  }
}
