import type { App } from '../app/index.js';
import { backoffMs, type Clock, type Logger, messageOf } from '../base/index.js';
import type { BookedEntry } from './book.js';
import type { Pending } from './stores/entry-store.js';

export interface SenderOptions {
  readonly app: App;
  readonly clock: Clock;
  readonly logger: Logger;
  /** False once another beat may lead: what is pending is then its matter. */
  readonly mayStill: () => boolean;
  /** Called when a run was sent, or failed. */
  readonly onSettled: () => void;
}

export interface Sent {
  readonly name: string;
  readonly taskId: string;
}

/** Pauses between attempts, in milliseconds. */
const AGAIN = { baseMs: 1000, maxMs: 60_000, random: () => 1 };

interface Attempt {
  readonly failures: number;
  /** Monotonic. */
  readonly againAt: number;
  readonly running: boolean;
}

/** Publishes pending runs, side by side, each again until it is sent or no longer wanted. */
export class Sender {
  readonly #options: SenderOptions;
  #attempts = new Map<string, Attempt>();
  /** Names by task id: sent, and not yet known to the store. */
  readonly #sent = new Map<string, string>();
  #running = new Set<Promise<void>>();
  /** Publishes that failed. */
  failed = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Begins what is to be sent. `claimed` has the task ids this beat decided on itself; of others it asks whether they were sent. */
  send(
    pending: readonly (BookedEntry & { readonly pending: Pending })[],
    claimed: ReadonlySet<string>,
  ): void {
    const now = this.#options.clock.monotonic();
    const wanted = new Map<string, Attempt>();
    for (const booked of pending) {
      const { taskId } = booked.pending;
      if (this.#sent.has(taskId)) continue;
      const attempt = this.#attempts.get(taskId);
      const idle = attempt === undefined || (!attempt.running && attempt.againAt <= now);
      const begun = { failures: attempt?.failures ?? 0, againAt: 0, running: true };
      wanted.set(taskId, idle ? begun : attempt);
      if (idle) this.#begin(booked, !claimed.has(taskId) && attempt === undefined);
    }
    this.#attempts = wanted;
  }

  /** Monotonic time of the next attempt of what failed. */
  get againAt(): number | undefined {
    const times = [...this.#attempts.values()]
      .filter(({ running }) => !running)
      .map(({ againAt }) => againAt);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** What was sent and is not yet settled. */
  get sent(): readonly Sent[] {
    return [...this.#sent].map(([taskId, name]) => ({ name, taskId }));
  }

  /** The store knows that these were sent. */
  settled(sent: readonly Sent[]): void {
    for (const { taskId } of sent) this.#sent.delete(taskId);
  }

  /** Resolves when nothing is being published. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #begin(booked: BookedEntry & { readonly pending: Pending }, unknown: boolean): void {
    const running = this.#publish(booked, unknown).finally(() => {
      this.#running.delete(running);
      this.#options.onSettled();
    });
    this.#running.add(running);
  }

  async #publish(
    { stored: { name }, entry, pending }: BookedEntry & { readonly pending: Pending },
    unknown: boolean,
  ): Promise<void> {
    const { app, clock, logger, mayStill } = this.#options;
    const { taskId } = pending;
    const told = { entry: name, task: entry.task, id: taskId };
    try {
      if (unknown && (await this.#isKnown(taskId))) {
        logger.info(told, 'beat: this run was sent before the last leader ended');
      } else {
        if (!mayStill()) {
          this.#attempts.delete(taskId);
          return;
        }
        await app.send({ task: entry.task, args: entry.args, kwargs: entry.kwargs, options: options() });
        logger.info({ ...told, due: new Date(pending.tick).toISOString() }, 'beat: sent');
      }
      this.#sent.set(taskId, name);
      this.#attempts.delete(taskId);
    } catch (error) {
      this.failed += 1;
      const failures = (this.#attempts.get(taskId)?.failures ?? 0) + 1;
      const pause = backoffMs(failures - 1, AGAIN);
      this.#attempts.set(taskId, { failures, againAt: clock.monotonic() + pause, running: false });
      logger.error({ ...told, error: messageOf(error), again: pause / 1000 }, 'beat: sending failed');
    }

    /** Python's beat marks what it sends with that header, and so do we. */
    function options(): Record<string, unknown> {
      const { headers } = entry.options;
      return { ...entry.options, task_id: taskId, headers: { ...headers, celery_beat_task: true } };
    }
  }

  /** True when the result store has heard of the task: whoever decided on it has sent it. */
  async #isKnown(taskId: string): Promise<boolean> {
    try {
      const backend = await this.#options.app.backend();
      const [meta] = (await backend?.get([taskId])) ?? [];
      return meta !== undefined && meta.status !== 'PENDING';
    } catch (error) {
      this.#options.logger.warn(
        { id: taskId, error: messageOf(error) },
        'beat: cannot ask for a run of before',
      );
      return false;
    }
  }
}
