import {
  type Clock,
  deferred,
  Lifecycle,
  type Logger,
  messageOf,
  type Service,
  type ServiceState,
  type StopOptions,
} from '../../base/index.js';
import type { OnlyOne } from '../store/only-one.js';
import { type GapWatchOptions, watchGaps } from './gap-watch.js';
import type { Listener } from './listener.js';
import type { BegunTask, LostTasks } from './lost-tasks.js';
import type { Presence } from './presence.js';

export interface ReconcilerOptions {
  readonly listener: Pick<Listener, 'keep' | 'close'>;
  readonly presence: Presence;
  readonly lost: LostTasks;
  readonly onlyOne: OnlyOne;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds between two looks. */
  readonly lookMs: number;
  /** Told what each look found, before anything is done about it, by the one that acts or by another. */
  readonly onLook?: (tasks: readonly BegunTask[]) => void;
  /** Changes nothing. */
  readonly dryRun: boolean;
  /** Looks for tasks that were recorded and not run, or the reverse; `close` lets go of its connections. */
  readonly gaps?:
    | (Pick<GapWatchOptions, 'finder' | 'everyMs' | 'onGaps'> & { close(): Promise<void> })
    | undefined;
}

/** A look that takes long is taken more rarely: it has this part of the time. */
const SHARE = 20;

/**
 * Makes what the database says true again where nobody else will: tasks whose worker was lost with their message become
 * FAILURE (`WorkerLostError`). Any number may run on one database; one of them acts. What is away (broker, database) is
 * waited for.
 */
export class Reconciler implements Service {
  readonly #options: ReconcilerOptions;
  readonly #life = new Lifecycle('reconciler');
  #stop = new AbortController();
  #working: Promise<unknown> = Promise.resolve();
  #acts = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  get state(): ServiceState {
    return this.#life.state;
  }

  get stopped(): Promise<void> {
    return this.#life.stopped;
  }

  /** For how many milliseconds it has heard the workers without a gap; what is silent for longer than that is not judged. */
  get heardForMs(): number {
    return this.#options.presence.heardForMs;
  }

  async start(): Promise<void> {
    this.#life.begin();
    this.#stop = new AbortController();
    this.#life.running();
    const { signal } = this.#stop;
    const { clock, gaps, logger } = this.#options;
    this.#working = Promise.all([
      this.#work(signal),
      gaps && watchGaps({ ...gaps, clock, logger, acts: () => this.#acts }, signal),
    ]);
  }

  /** Ends the look that is being taken, at the latest at the deadline (default 10 s). */
  async stop({ deadlineMs = 10_000 }: StopOptions = {}): Promise<void> {
    if (this.state === 'stopping') return this.stopped;
    if (this.state !== 'running') return;
    this.#life.stopping();
    this.#stop.abort();
    const overdue = deferred();
    const cancel = this.#options.clock.after(deadlineMs, overdue.resolve);
    const { gaps, listener, onlyOne } = this.#options;
    const closed = this.#working.then(() =>
      Promise.allSettled([listener.close(), onlyOne.close(), gaps?.close()]),
    );
    await Promise.race([closed, overdue.promise]);
    cancel();
    this.#life.ended();
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { clock, listener, lookMs, logger } = this.#options;
    while (!signal.aborted) {
      await listener.keep();
      const from = clock.monotonic();
      try {
        await this.#look();
      } catch (error) {
        logger.warn({ error: messageOf(error) }, 'reconciler: looks again later');
      }
      const took = clock.monotonic() - from;
      // Echoes go on while the next look is waited for: they tell that we can hear.
      for (let left = Math.max(lookMs, took * SHARE); left > 0 && !signal.aborted; left -= lookMs) {
        await clock.sleep(Math.min(left, lookMs), signal).catch(() => undefined);
        if (left > lookMs && !signal.aborted) await listener.keep();
      }
    }
  }

  async #look(): Promise<void> {
    const { clock, dryRun, lost, logger, onlyOne, onLook } = this.#options;
    const acts = (await onlyOne.ask()) && !dryRun;
    this.#acts = acts;
    if (!acts && onLook === undefined) return;
    const tasks = await lost.look(clock.monotonic());
    onLook?.(tasks);
    for (const task of tasks) {
      if (!acts || task.verdict !== 'lost') continue;
      await lost.fail(task);
      logger.warn(
        { id: task.taskId, worker: task.worker, pid: task.pid },
        'reconciler: the worker of this task is gone; it has failed',
      );
    }
  }
}
