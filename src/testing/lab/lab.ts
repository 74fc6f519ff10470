import type { CeleryApp } from '../../app/index.js';
import { type AnyState, type Clock, type Logger, newId, ToolboxError } from '../../base/index.js';
import { AsyncResult } from '../../results/index.js';
import {
  createWorker,
  type Outcome,
  type QuarantinedMessage,
  runMessage,
  type Worker,
  type WorkerOptions,
} from '../../worker/index.js';
import { assertNotSent, assertSent, type ExpectedCall } from './assert-sent.js';
import type { Moment, Operation } from './faults.js';
import { type LabOptions, LabWorld, type StoredState } from './lab-world.js';
import { keepingLogger, type LogLine } from './log-lines.js';
import { SentLog } from './sent-log.js';
import type { SentTask } from './sent-task.js';
import { type UntilOptions, type Waiting, waitUntil } from './until.js';
import { watchedPool } from './watched-pool.js';

/** What a task was run with: its arguments and options, as `applyAsync` takes them. */
interface Sendable<Call, R> {
  readonly name: string;
  applyAsync(call: Call): Promise<AsyncResult<R>>;
}

type ArgsOf<T> = T extends (...args: infer A) => unknown ? A : readonly unknown[];

/** What one run of a task came to. */
export interface TaskRun<R> {
  readonly id: string;
  /** `success` with its value, `failure` or `retry` with the error, `rejected`, `ignored`, ... */
  readonly outcome: { readonly kind: 'success'; readonly value: R } | Exclude<Outcome, { kind: 'success' }>;
  /** What it sent, its own retry and what follows it included. */
  readonly sent: readonly SentTask[];
  /** What was stored about it, in order. */
  readonly states: readonly StoredState[];
  /** What it told its logger. */
  readonly log: readonly LogLine[];
}

/** Tasks a worker runs at a time, where nothing says otherwise. */
const SLOTS = 8;
/** Every jitter is half of what it could be. */
const evenly = (): number => 0.5;

/**
 * A place in which an app runs as it is, with the settings it has in production, and everything it meets is in this process:
 * a broker with leases, redelivery, delays, FIFO groups and dead letters, a result store, and a clock that stands still until it
 * is turned. Nothing in it depends on the machine's time.
 */
export class Lab implements AsyncDisposable {
  /** Everything that was logged. */
  readonly log: LogLine[] = [];
  /** What workers have set aside. */
  readonly quarantined: QuarantinedMessage[] = [];
  readonly #app: CeleryApp;
  readonly #logger: Logger;
  readonly #world: LabWorld;
  readonly #sent: SentLog;
  /** Ids of the tasks whose code runs. */
  readonly #running = new Set<string>();
  readonly #workers: Worker[] = [];

  private constructor(app: CeleryApp, options: LabOptions) {
    this.#app = app;
    this.#sent = new SentLog(app);
    this.#world = new LabWorld(app, options, (queue, envelope) => this.#sent.taken(queue, envelope));
    this.#logger = app.logger;
    app.logger = keepingLogger((line) => this.log.push(line));
  }

  /** Moves the app into a lab. Close it at the end of the test. Throws CONFIG_INVALID when the app is eager: it uses no broker. */
  static async open(app: CeleryApp, options: LabOptions = {}): Promise<Lab> {
    if (app.conf.task_always_eager) {
      throw new ToolboxError(
        'CONFIG_INVALID',
        'task_always_eager is on: a lab has a broker and workers instead',
      );
    }
    const lab = new Lab(app, options);
    await lab.#world.enter();
    return lab;
  }

  /** What was sent, in order. */
  get sent(): readonly SentTask[] {
    return this.#sent.sent;
  }

  /** The time in the lab. */
  get clock(): Clock {
    return this.#world.clock;
  }

  /** Starts a worker on the app. What it sets aside is in `quarantined`. */
  async worker(options: Omit<WorkerOptions, 'pool' | 'appModule' | 'quarantine'> = {}): Promise<Worker> {
    const { worker_concurrency: slots } = this.#app.conf;
    const worker = createWorker(this.#app, {
      hostname: `lab${this.#workers.length}@lab`,
      heartbeat: false,
      gossip: false,
      mingle: false,
      random: evenly,
      ...options,
      pool: watchedPool(options.concurrency ?? (typeof slots === 'number' ? slots : SLOTS), this.#running),
      quarantine: { put: async (message) => void this.quarantined.push(message) },
    });
    this.#workers.push(worker);
    await this.until(worker.start());
    return worker;
  }

  /**
   * Runs one call here and now, without a queue and without waiting for its ETA, with the context that a worker gives. What it
   * sends stays in its queues.
   */
  async run<Call, R>(task: Sendable<Call, R>, call: Call): Promise<TaskRun<R>> {
    const id = (call as { readonly task_id?: string }).task_id ?? newId();
    const send = (): Promise<unknown> => this.until(task.applyAsync({ ...call, task_id: id }));
    const publish = await this.#sent.holdBack(id, send);
    if (publish === undefined) {
      throw new ToolboxError(
        'STATE_INVALID',
        `${task.name} was not sent: the first call of a unique task is not done yet`,
      );
    }
    const [sentBefore, statesBefore] = [this.sent.length, this.states(id).length];
    const log: LogLine[] = [];
    const { logger } = this.#app;
    const outcome = await this.until(
      runMessage(this.#app, publish.message, publish, {
        hostname: 'lab@lab',
        pool: watchedPool(1, this.#running),
        // The task's own is a child of it.
        logger: { ...logger, child: (bindings) => keepingLogger((line) => log.push(line), bindings) },
        random: evenly,
      }),
    );
    this.log.push(...log);
    if (outcome === undefined) {
      throw new ToolboxError('CONFIG_INVALID', `${task.name} is no task of app ${this.#app.name}`);
    }
    return {
      id,
      outcome: outcome as TaskRun<R>['outcome'],
      sent: this.sent.slice(sentBefore),
      states: this.states(id).slice(statesBefore),
      log,
    };
  }

  /** Lets so many seconds pass. */
  advance(seconds: number): Promise<void> {
    return this.#world.clock.advance(seconds * 1000);
  }

  /**
   * Waits for a promise, for a condition, or for a state of a task (default SUCCESS), of which each that was ever stored counts.
   * Meanwhile time passes by itself, from one timer to the next. Throws an AssertionError when it cannot come any more: the task
   * has ended otherwise, nothing is left to be done, or too much time has passed.
   */
  until<T>(promise: Promise<T>, options?: UntilOptions): Promise<T>;
  until(condition: () => boolean | Promise<boolean>, options?: UntilOptions): Promise<void>;
  until(result: AsyncResult, state?: AnyState, options?: UntilOptions): Promise<StoredState>;
  async until(
    wanted: Promise<unknown> | (() => boolean | Promise<boolean>) | AsyncResult,
    state?: AnyState | UntilOptions,
    more?: UntilOptions,
  ): Promise<unknown> {
    if (wanted instanceof AsyncResult) {
      const asked = typeof state === 'string' ? state : 'SUCCESS';
      const what = `state ${asked} of task ${wanted.id}`;
      return waitUntil(this.#waiting, what, () => this.#world.seen(wanted.id, asked), more);
    }
    const options = typeof state === 'object' ? state : undefined;
    if (typeof wanted === 'function') {
      const look = async (): Promise<true | undefined> => (await wanted()) || undefined;
      return void (await waitUntil(this.#waiting, 'what the test waits for', look, options));
    }
    let ended = false;
    const end = (): void => void (ended = true);
    wanted.then(end, end);
    await waitUntil(this.#waiting, 'what the test waits for', async () => ended || undefined, options);
    return wanted;
  }

  /** What was stored about a task, in order. */
  states(task: string | AsyncResult): readonly StoredState[] {
    return this.#world.states(typeof task === 'string' ? task : task.id);
  }

  /** Messages of a queue that wait to be received now. */
  waiting(queue: string): number {
    return this.#world.queues.get(queue)?.stock.visible ?? 0;
  }

  /** The first call of the task that was sent as expected. Throws an AssertionError that shows what was sent instead. */
  expectSent<T extends string | { readonly name: string }>(
    task: T,
    expected: ExpectedCall<ArgsOf<T>> = {},
  ): SentTask {
    return assertSent(this.sent, task, expected);
  }

  /** Throws an AssertionError when such a call was sent. */
  expectNotSent<T extends string | { readonly name: string }>(
    task: T,
    expected: ExpectedCall<ArgsOf<T>> = {},
  ): void {
    assertNotSent(this.sent, task, expected);
  }

  /** The next operations of that kind fail as when nobody answers. */
  fail(operation: Operation, times = 1): void {
    this.#world.faults.fail(operation, times);
  }

  /** From now on the broker cannot be reached, until the function it gives is called. */
  disconnect(): () => void {
    return this.#world.faults.disconnect();
  }

  /**
   * The lease of a task's message ends while its worker has it, as if another had received it. That one does nothing: the message
   * comes again a lease later.
   */
  loseLease(task: string | AsyncResult): void {
    const id = typeof task === 'string' ? task : task.id;
    if (this.#world.queues.takeAway(id) > 0) return;
    throw new ToolboxError('STATE_INVALID', `No worker holds a message of task ${id}`);
  }

  /**
   * The program ends, as if killed, at the next such moment: `{ after: 'result' }` is when a result is stored and its message not
   * acknowledged. Resolves when it has happened. Workers are gone then; the app is a program that was started again, with
   * everything the broker and the store have; what was held comes again when its lease ends.
   */
  crash(moment: Moment): Promise<void> {
    return this.#world.crash(moment, () => this.#forgetWorkers());
  }

  /** Ends workers and puts the app back where it was. */
  async close(): Promise<void> {
    const stopping = this.#forgetWorkers().map((worker) => worker.stop({ deadlineMs: 0 }));
    await this.until(Promise.all(stopping));
    await this.until(this.#world.leave());
    this.#app.logger = this.#logger;
    this.#sent.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Code of theirs that still runs is left to itself. */
  #forgetWorkers(): readonly Worker[] {
    this.#running.clear();
    return this.#workers.splice(0);
  }

  get #waiting(): Waiting {
    return { clock: this.#world.clock, running: () => [...this.#running] };
  }
}
