import type { App, TaskMessage } from '../app/index.js';
import { illegalCall, Lifecycle, type Logger, type ServiceState, type StopOptions } from '../base/index.js';
import { builtinTasks } from '../canvas/index.js';
import type { Queue } from '../messaging/index.js';
import { Engine } from './engine.js';
import { engineInfo } from './engine-info.js';
import { TaskEvents } from './events/task-events.js';
import { Stats, type WorkerCounts } from './execution/stats.js';
import type { TaskStats } from './execution/task-stats.js';
import { logQuarantine, type Quarantine } from './intake/quarantine.js';
import {
  autoscalerStep,
  backendStep,
  brokerStep,
  chordsStep,
  consumerStep,
  loopStep,
  poolStep,
  stateStep,
} from './lifecycle/core-steps.js';
import { busStep, eventsStep, remoteStep } from './lifecycle/remote-steps.js';
import { Steps } from './lifecycle/steps.js';
import { StopDeadline } from './lifecycle/stop-deadline.js';
import type { TaskConsumer } from './lifecycle/task-consumer.js';
import type { AutoscaleRange } from './pools/autoscaler.js';
import { makePool } from './pools/make-pool.js';
import type { Pool } from './pools/pool.js';
import { PoolControl } from './pools/pool-control.js';
import type { RevokeOptions } from './revoking/revoker.js';
import { Revokes, type StampedHeaders } from './revoking/revokes.js';
import type { Worker } from './worker.js';
import type { WorkerInfo } from './worker-info.js';
import { type ResolvedWorkerOptions, resolveWorkerOptions, type WorkerOptions } from './worker-options.js';
import { workerQueues } from './worker-queues.js';

/** Makes a worker for an app. Nothing is opened before `start`. Throws CONFIG_INVALID for options that make no sense. */
export function createWorker(app: App, options: WorkerOptions = {}): Worker {
  return new TaskWorker(app, options);
}

class TaskWorker implements Worker {
  readonly #app: App;
  readonly #given: WorkerOptions;
  readonly #options: ResolvedWorkerOptions;
  readonly #extensions: NonNullable<WorkerOptions['extensions']>;
  readonly #chordPart: WorkerOptions['chordPart'];
  #queues: readonly Queue[];
  readonly #quarantine: Quarantine;
  readonly #logger: Logger;
  readonly #lifecycle: Lifecycle;
  readonly #revokes: Revokes;
  #steps: Steps;
  #engine: Engine | undefined;
  #consumer: TaskConsumer | undefined;
  #pool: Pool | undefined;
  #poolControl: PoolControl | undefined;
  #starting: AbortController | undefined;
  #started: Promise<void> = Promise.resolve();
  #deadline: StopDeadline | undefined;

  constructor(app: App, given: WorkerOptions) {
    this.#app = app;
    for (const task of builtinTasks(app))
      if (app.tasks.get(task.name) === undefined) app.tasks.register(task);
    this.#given = given;
    this.#options = resolveWorkerOptions(given, app.conf);
    this.#queues = workerQueues(app, given.queues, this.#options.hostname);
    this.#chordPart = given.chordPart;
    this.#extensions = given.extensions ?? [];
    this.#logger = (given.logger ?? app.logger).child({ worker: this.#options.hostname });
    this.#quarantine = given.quarantine ?? logQuarantine(this.#logger);
    this.#revokes = new Revokes(app.clock);
    this.#steps = new Steps(this.#logger);
    this.#lifecycle = new Lifecycle('worker', (state, from) => {
      this.#logger.info({ state, from }, 'worker state');
    });
  }

  get hostname(): string {
    return this.#options.hostname;
  }

  get concurrency(): number {
    return this.#pool?.size ?? this.#options.concurrency;
  }

  get state(): ServiceState {
    return this.#lifecycle.state;
  }

  get stopped(): Promise<void> {
    return this.#lifecycle.stopped;
  }

  async start(signal?: AbortSignal): Promise<void> {
    this.#lifecycle.begin();
    this.#starting = new AbortController();
    const both =
      signal === undefined ? this.#starting.signal : AbortSignal.any([signal, this.#starting.signal]);
    this.#started = this.#start(both);
    await this.#started;
  }

  async stop({ deadlineMs = this.#options.shutdownTimeoutMs }: StopOptions = {}): Promise<void> {
    switch (this.state) {
      case 'starting':
        this.#starting?.abort(new DOMException('the worker was stopped while it started', 'AbortError'));
        await this.#started.catch(() => undefined);
        // It may have come up just before it was told.
        return this.stop({ deadlineMs });
      case 'running':
        return this.#stop(deadlineMs);
      case 'stopping':
        this.#deadline?.within(deadlineMs);
        return this.stopped.catch(() => undefined);
      case 'idle':
      case 'stopped':
      case 'failed':
        return undefined;
    }
  }

  get queues(): readonly Queue[] {
    return this.#consumer?.queues ?? this.#queues;
  }

  async addQueue(queue: Queue): Promise<void> {
    if (this.#isBeforeConsuming) {
      if (!this.#queues.some(({ name }) => name === queue.name)) this.#queues = [...this.#queues, queue];
      return;
    }
    await this.#consuming('addQueue').add(queue);
  }

  async cancelQueue(name: string): Promise<void> {
    if (this.#isBeforeConsuming) {
      this.#queues = this.#queues.filter((queue) => queue.name !== name);
      return;
    }
    await this.#consuming('cancelQueue').cancel(name);
  }

  /** Its queues are only noted yet: an extension may change them. */
  get #isBeforeConsuming(): boolean {
    return this.state === 'starting' && this.#consumer === undefined;
  }

  #consuming(what: string): TaskConsumer {
    if (this.#consumer === undefined) throw illegalCall(`worker.${what}()`, this.state);
    return this.#consumer;
  }

  info(): WorkerInfo {
    return {
      hostname: this.hostname,
      pid: process.pid,
      state: this.state,
      queues: this.queues.map(({ name }) => name),
      ...engineInfo(this.#engine, this.hostname),
      revoked: this.#revokes.list(),
      counts: this.#counts(),
      steps: this.#steps.info(),
    };
  }

  async revoke(ids: readonly string[], options?: RevokeOptions): Promise<readonly TaskMessage[]> {
    return this.#running('revoke').revoker.byId(ids, options);
  }

  async revokeByStampedHeaders(
    headers: StampedHeaders,
    options?: RevokeOptions,
  ): Promise<readonly TaskMessage[]> {
    return this.#running('revokeByStampedHeaders').revoker.byStamp(headers, options);
  }

  async revokeFamily(rootIds: readonly string[], options?: RevokeOptions): Promise<readonly TaskMessage[]> {
    return this.#running('revokeFamily').revoker.byFamily(rootIds, options);
  }

  rateLimit(task: string, limit: string | number | null): void {
    this.#engine?.limits.override(task, limit);
  }

  timeLimit(name: string, hardLimit: number | null, softLimit: number | null): boolean {
    const task = this.#app.tasks.get(name);
    if (task === undefined || this.#engine === undefined) return false;
    this.#engine.policies.limit(task, { hardLimit, softLimit });
    return true;
  }

  fail(id: string, error: unknown): boolean {
    return this.#engine?.fail(id, error) ?? false;
  }

  #running(what: string): Engine {
    if (this.#engine === undefined) throw illegalCall(`worker.${what}()`, this.state);
    return this.#engine;
  }

  growPool(n = 1): number {
    return this.#control('growPool').grow(n);
  }

  shrinkPool(n = 1): number {
    return this.#control('shrinkPool').shrink(n);
  }

  autoscale(max?: number, min?: number): AutoscaleRange {
    return this.#control('autoscale').autoscale(max, min);
  }

  async restartPool(): Promise<void> {
    await this.#control('restartPool').restart();
  }

  #control(what: string): PoolControl {
    if (this.#poolControl === undefined || this.state !== 'running')
      throw illegalCall(`worker.${what}()`, this.state);
    return this.#poolControl;
  }

  taskStats(): ReadonlyMap<string, TaskStats> {
    return this.#engine?.stats.tasks() ?? new Map();
  }

  #counts(): WorkerCounts {
    return (this.#engine?.stats ?? new Stats()).counts();
  }

  async #start(signal: AbortSignal): Promise<void> {
    const { hostname } = this;
    try {
      await this.#announce(hostname);
      await this.#bringUp(signal);
      signal.throwIfAborted();
    } catch (error) {
      await this.#steps.down({ deadlineMs: 0 });
      this.#lifecycle.failed(error);
      throw error;
    }
    this.#lifecycle.running();
    await this.#app.signals.send('worker_ready', { hostname });
  }

  /** The signals before anything is opened, in Celery's order. */
  async #announce(hostname: string): Promise<void> {
    const { signals, conf } = this.#app;
    await signals.demand('import_modules', {});
    await signals.send('celeryd_init', { hostname, conf });
    await signals.send('worker_init', { hostname });
    await signals.send('celeryd_after_setup', {
      hostname,
      conf,
      queues: this.#queues.map(({ name }) => name),
      consumeFrom: (name) => {
        const queue = this.#app.queue(name);
        if (!this.#queues.includes(queue)) this.#queues = [...this.#queues, queue];
      },
    });
    if (this.#options.pool === 'solo')
      await signals.send('worker_process_init', { hostname, pid: process.pid });
  }

  async #bringUp(signal: AbortSignal): Promise<void> {
    const { conf, clock } = this.#app;
    const logger = this.#logger;
    const steps = new Steps(logger);
    this.#steps = steps;
    const opening = { app: this.#app, conf, clock, logger, signal };
    const { stateFile } = this.#options;
    const state =
      stateFile === undefined
        ? undefined
        : await steps.up('state', () => stateStep(stateFile, this.#revokes));
    const pool = await steps.up('pool', () =>
      poolStep(this.#makePool(), { ...opening, hostname: this.hostname }),
    );
    this.#pool = pool;
    const broker = await steps.up('broker', () => brokerStep(opening));
    const backend = await steps.up('backend', () => backendStep(opening));
    const chords = await steps.up('chords', () => chordsStep(backend, opening));
    const remote = this.#options.remote;
    const bus = await steps.up('bus', () => busStep(opening, remote));
    const { dispatcher: events, pulse } = await steps.up('events', () =>
      eventsStep({
        app: this.#app,
        bus,
        hostname: this.hostname,
        options: remote,
        engine: () => this.#engine,
        logger,
      }),
    );
    const engine = new Engine({
      app: this.#app,
      broker,
      backend,
      pool,
      quarantine: this.#quarantine,
      options: this.#options,
      chordPart: this.#chordPart ?? chords?.part,
      revokes: this.#revokes,
      events: new TaskEvents(events),
      pulse,
      saveRevokes: async () => state?.save(),
      logger,
      clock,
    });
    this.#engine = engine;
    const control = new PoolControl({
      pool,
      autoscale: this.#options.autoscale,
      restarts: conf.worker_pool_restarts,
      clock,
      logger,
      load: () => engine.load,
      onSlots: (slots) => engine.resized(slots),
    });
    this.#poolControl = control;
    if (this.#options.autoscale) await steps.up('autoscaler', () => autoscalerStep(control));
    for (const extension of this.#extensions) {
      const context = { app: this.#app, worker: this, broker, backend, logger, clock };
      await steps.up(extension.name, () => extension.start(context, signal));
    }
    await steps.up('remote', () =>
      remoteStep({ app: this.#app, bus, worker: this, events, options: remote, logger, signal }),
    );
    signal.throwIfAborted();
    const deadline = new StopDeadline(clock);
    this.#deadline = deadline;
    await steps.up('loop', () => loopStep({ engine, broker, logger }));
    this.#consumer = await steps.up('consumer', () =>
      consumerStep({ broker, engine, pool, queues: this.#queues, deadline, clock, logger }),
    );
  }

  async #stop(deadlineMs: number): Promise<void> {
    const { signals } = this.#app;
    const { hostname } = this;
    this.#lifecycle.stopping();
    this.#deadline?.within(deadlineMs);
    const down = this.#steps.down();
    await signals.send('worker_shutting_down', { hostname, how: deadlineMs > 0 ? 'warm' : 'cold' });
    await down;
    if (this.#options.pool === 'solo')
      await signals.send('worker_process_shutdown', { hostname, pid: process.pid });
    await signals.send('worker_shutdown', { hostname });
    this.#lifecycle.ended();
  }

  #makePool(): Pool {
    const { pool, concurrency } = this.#options;
    if (typeof pool !== 'string') return pool;
    const { conf, clock, inProcess } = this.#app;
    if ((pool === 'threads' || pool === 'prefork') && inProcess.length > 0) {
      this.#logger.warn(
        { pool, settings: inProcess },
        'what these settings name exists in this process only: calls made and results read by tasks of this pool will be refused',
      );
    }
    return makePool({
      ...this.#given,
      name: pool,
      size: concurrency,
      appModule: this.#given.appModule,
      conf,
      clock,
    });
  }
}
