import { backoffMs, type Clock, hasCode, type Logger, type ToolboxError } from '../../base/index.js';
import type { Queue } from '../../messaging/index.js';
import { asFailure } from './failures.js';
import type { Precedence } from './precedence.js';
import type { PrefetchWindow } from './prefetch-window.js';
import type { QueueStore, ReceiveOptions, StoredMessage } from './queue-store.js';

/** Further receives under way for one queue while each comes back full. */
const MAX_HELPERS = 3;
const RETRY = { baseMs: 200, maxMs: 10_000 };

/** What a poller shares with those of the other queues. */
export interface PollerContext {
  readonly store: QueueStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly window: PrefetchWindow;
  /** Only where some queues go before others. */
  readonly precedence: Precedence | undefined;
  readonly stopping: AbortSignal;
  /** Resolves when fetching is allowed, at once or after a pause. */
  readonly allowed: () => Promise<void>;
  /** Aborted when a poll under way should end: pause or stop. */
  readonly fetching: () => AbortSignal;
  /** What a receive of the queue is told of who guards it. */
  readonly expecting: (queue: string) => Pick<ReceiveOptions, 'expecting'>;
  readonly declare: (queue: Queue) => Promise<void>;
  /** Takes what came, and says how many of them are delivered; the others were not wanted any more. */
  readonly arrived: (queue: string, messages: readonly StoredMessage[], wanted: boolean) => number;
  readonly answered: (queue: string) => void;
  readonly failed: (queue: string, error: ToolboxError) => void;
}

/** Fetches one queue until stopped. No failure ends it. */
export class QueuePoller {
  readonly #queue: Queue;
  readonly #context: PollerContext;
  readonly #helpers = new Set<Promise<void>>();
  #idle = false;
  #failures = 0;
  #redeclare = false;

  constructor(queue: Queue, context: PollerContext) {
    this.#queue = queue;
    this.#context = context;
  }

  /** Resolves when the polling has stopped and no receive is under way. */
  async run(): Promise<void> {
    const { stopping, allowed, window, precedence } = this.#context;
    while (!stopping.aborted) {
      await allowed();
      await precedence?.turn(this.#queue.name, stopping);
      const room = await window.reserve(this.#idle);
      if (room === 0) continue;
      const count = await this.#poll(room, this.#patience());
      if (count !== undefined && count > 0 && count === room) this.#help();
    }
    await Promise.all(this.#helpers);
  }

  /** Seconds to wait for a message; undefined for as long as the store is used to. Whether others may go on is told at once. */
  #patience(): number | undefined {
    const { window, store, precedence } = this.#context;
    if (precedence !== undefined && !this.#idle) return 0;
    return window.scarce ? store.traits.shortWaitSeconds : undefined;
  }

  /** A full answer means there is more: fetch on in parallel until an answer is not full. */
  #help(): void {
    const { window, stopping, store } = this.#context;
    if (this.#helpers.size >= MAX_HELPERS || window.room < 2 * store.traits.maxBatch) return;
    const helper = (async () => {
      for (let full = true; full && !stopping.aborted; ) {
        const room = await window.reserve(false);
        if (room === 0) return;
        full = (await this.#poll(room, store.traits.shortWaitSeconds)) === room;
      }
    })().finally(() => this.#helpers.delete(helper));
    this.#helpers.add(helper);
  }

  /** One receive. Resolves with the number of messages, undefined after a failure and its pause. */
  async #poll(room: number, waitSeconds: number | undefined): Promise<number | undefined> {
    const { store, window, fetching, arrived, answered } = this.#context;
    const { name } = this.#queue;
    const signal = fetching();
    let used = 0;
    try {
      if (signal.aborted) return undefined;
      if (this.#redeclare) await this.#context.declare(this.#queue);
      this.#redeclare = false;
      const wait = waitSeconds === undefined ? {} : { waitSeconds };
      const expecting = this.#context.expecting(name);
      const messages = await store.receive(name, { max: room, signal, ...wait, ...expecting });
      // One step back for each success: a broker that throttles now and then is still asked less often.
      this.#failures = Math.max(0, this.#failures - 1);
      this.#idle = messages.length === 0;
      this.#context.precedence?.found(name, messages.length > 0);
      answered(name);
      used = arrived(name, messages, !signal.aborted);
      return messages.length;
    } catch (error) {
      return await this.#failed(asFailure(error));
    } finally {
      window.settle(room, used);
    }
  }

  async #failed(error: ToolboxError): Promise<undefined> {
    const { clock, stopping, failed, logger, store } = this.#context;
    if (stopping.aborted) return;
    this.#redeclare = hasCode(error, 'NOT_DECLARED');
    failed(this.#queue.name, error);
    const waitMs = backoffMs(this.#failures, { ...RETRY, maxMs: store.traits.maxPollPauseMs ?? RETRY.maxMs });
    logger.debug({ queue: this.#queue.name, error: error.message, waitMs }, 'polling failed, trying again');
    this.#failures += 1;
    await clock.sleep(waitMs, stopping).catch(() => undefined);
  }
}
