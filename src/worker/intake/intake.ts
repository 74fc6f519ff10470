import { type App, parseIsoTime, type RegisteredTask, type TaskMessage } from '../../app/index.js';
import { type Clock, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import type { TaskEvents } from '../events/task-events.js';
import type { Outcome } from '../execution/outcome.js';
import type { Stats } from '../execution/stats.js';
import { NotRegistered, WorkerLostError } from '../execution/task-errors.js';
import { crashesOf } from '../runs/crashes.js';
import { isRedelivered, Run } from '../runs/run.js';
import { type TaskPolicies, unknownTaskPolicy } from '../runs/run-policy.js';
import type { RunTable } from '../runs/run-table.js';
import type { ResultWriter } from '../settlement/result-writer.js';
import type { Disposer } from './disposer.js';
import type { RecentAttempts } from './recent.js';
import type { SetAside } from './set-aside.js';
import type { Tally } from './tally.js';

export interface IntakeOptions {
  readonly app: App;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policies: TaskPolicies;
  readonly table: RunTable;
  readonly tally: Tally;
  readonly stats: Stats;
  readonly events: TaskEvents;
  readonly recent: RecentAttempts;
  readonly results: ResultWriter;
  readonly disposer: Disposer;
  readonly setAside: SetAside;
  /** Reads a message, at once where it can. Throws, or rejects with, the reason why it is none. */
  readonly decode: (delivery: Delivery) => TaskMessage | Promise<TaskMessage>;
  readonly isRevoked: (message: TaskMessage) => boolean;
  /** Deliveries of one message before it is given up. */
  readonly maxDeliveries: number;
  /** Ends a run that is not to be executed. Must not reject. */
  readonly end: (run: Run, outcome: Outcome) => void;
  /** Takes a run that is to be executed, now or at its time (milliseconds, wall clock). */
  readonly schedule: (run: Run, etaMs: number | null) => void;
}

/** Brokers without a delay of their own hand a waiting message back many times: that is no sign of poison. */
const ETA_ALLOWANCE = 100;

/** States of a task whose present attempt nobody has begun. */
const NOT_BEGUN: ReadonlySet<string> = new Set(['PENDING', 'RECEIVED', 'RETRY']);

/** Decides what becomes of each message: set aside, shared with its twin, ended unrun, or scheduled (protocol section 7.1). */
export class Intake {
  readonly #options: IntakeOptions;
  #closed = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** From now on every message goes straight back. */
  close(): void {
    this.#closed = true;
  }

  /** Never throws: no message may end the loop that brings them. */
  accept(delivery: Delivery): void {
    this.#options.tally.enter();
    let message: TaskMessage | Promise<TaskMessage> | undefined;
    try {
      message = this.#read(delivery);
      if (message !== undefined && !(message instanceof Promise)) return this.#take(delivery, message);
    } catch (error) {
      return void this.#unreadable(delivery, error);
    }
    // Most messages never come here: what needs no waiting has no promise.
    void this.#acceptLater(delivery, message);
  }

  /** Undefined when it is not to be taken. */
  #read(delivery: Delivery): TaskMessage | Promise<TaskMessage> | undefined {
    if (this.#closed) return undefined;
    if (delivery.defect !== undefined) throw new ToolboxError('DECODE_FAILED', delivery.defect);
    return this.#options.decode(delivery);
  }

  async #acceptLater(delivery: Delivery, reading: Promise<TaskMessage> | undefined): Promise<void> {
    const { tally, disposer } = this.#options;
    try {
      const message = await reading;
      // Closing may have overtaken the decoding.
      if (message !== undefined && !this.#closed) return this.#take(delivery, message);
    } catch (error) {
      return this.#unreadable(delivery, error);
    }
    await disposer.one(delivery, 'release', 0);
    tally.leave();
  }

  async #unreadable(delivery: Delivery, error: unknown): Promise<void> {
    const { tally, setAside, logger } = this.#options;
    logger.debug({ queue: delivery.info.queue, error: messageOf(error) }, 'message cannot be taken');
    await setAside.unreadable(delivery, error);
    tally.leave();
  }

  #take(delivery: Delivery, message: TaskMessage): void {
    const { app, clock, logger, policies, table, tally, stats, events } = this.#options;
    const twin = table.get(message.id);
    if (twin !== undefined) {
      // Its fate is the twin's: one message under way less.
      tally.leave();
      // The copy that takes the place of one which ended its process comes before that one is gone.
      const successor = crashesOf(delivery) > crashesOf(twin.lease);
      if (successor || !twin.sameAttempt(message)) return twin.follow(delivery);
      stats.duplicate();
      return twin.park(delivery);
    }
    const task = app.tasks.get(message.task);
    if (task === undefined) return this.#unknown(delivery, message);
    const run = new Run(
      message,
      task,
      policies.of(task),
      delivery,
      clock.monotonic(),
      momentOf(message.expires),
    );
    table.add(run);
    logger.info({ task: task.name, id: run.id }, 'task received');
    if (events.on) events.received(run);
    if (app.signals.has('task_received')) {
      void app.signals.send('task_received', { task: task.name, id: run.id, request: run.request });
    }
    if (isRedelivered(delivery)) void this.#takeAgain(run);
    else this.#route(run);
  }

  #route(run: Run): void {
    const { clock, isRevoked, end, schedule } = this.#options;
    // What was looked up may come back after the intake was closed.
    if (this.#closed) return end(run, { kind: 'returned', why: 'shutdown' });
    if (isRevoked(run.message)) return end(run, { kind: 'revoked', why: 'revoked' });
    if (run.expiresAt !== null && clock.now() > run.expiresAt) {
      return end(run, { kind: 'revoked', why: 'expired' });
    }
    schedule(run, momentOf(run.message.eta));
  }

  /** A message that was delivered before may have been dealt with already, or may be the one that kills workers. */
  async #takeAgain(run: Run): Promise<void> {
    const { stats, recent, results, maxDeliveries, end, setAside, logger } = this.#options;
    try {
      if (recent.has(run.message)) {
        stats.duplicate();
        return end(run, { kind: 'ignored' });
      }
      const meta = run.ignoreResult ? undefined : await results.read(run.id, run);
      if (meta?.status === 'SUCCESS') {
        stats.duplicate();
        return end(run, { kind: 'repeated' });
      }
      // What waited beside a task that ended its worker is as often redelivered as that one, and was never begun.
      const failed = meta?.status === 'FAILURE';
      run.suspect = meta === undefined || !(failed || NOT_BEGUN.has(meta.status));
      const count = run.lease.info.deliveryCount ?? 1;
      const waits =
        run.message.eta !== null || run.policy.unique !== null || run.policy.fleetIntervalMs !== null;
      const allowed = maxDeliveries + (waits ? ETA_ALLOWANCE : 0);
      if (count > allowed && (failed || run.suspect)) {
        const error = new WorkerLostError(
          `Delivered ${count} times without being finished: the task ends the workers that run it.`,
        );
        if (await setAside.keep(run.lease, 'deliveries', error.message)) {
          return end(run, { kind: 'failure', error });
        }
        return end(run, { kind: 'returned', why: 'unstored' });
      }
    } catch (error) {
      logger.warn({ id: run.id, error: messageOf(error) }, 'nothing known of an earlier delivery: it is run');
    }
    this.#route(run);
  }

  #unknown(delivery: Delivery, message: TaskMessage): void {
    const { app, clock, logger, table, end } = this.#options;
    const { task, id } = message;
    logger.error({ task, id, queue: delivery.info.queue }, 'unregistered task');
    const stub: RegisteredTask = {
      name: task,
      options: {},
      run: () => Promise.reject(new NotRegistered(task)),
    };
    const run = new Run(message, stub, unknownTaskPolicy, delivery, clock.monotonic());
    table.add(run);
    void app.signals.send('task_unknown', { task, id });
    end(run, { kind: 'failure', error: new NotRegistered(task) });
  }
}

const momentOf = (text: string | null): number | null =>
  text === null ? null : (parseIsoTime(text) ?? null);
