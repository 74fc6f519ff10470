import type { Worker } from 'node:worker_threads';
import { type Clock, inlineThread, type Logger, messageOf } from '../../../base/index.js';
import type { GuardData, GuardedQueue } from './guard-thread.js';
import { LeaseTable, processMs } from './lease-table.js';
import { moduleBeside, type RenewalsSource } from './renewals.js';
import { waitForSilence } from './wait-for-silence.js';

/** Milliseconds between looks at whether the thread is done. */
const LOOK_MS = 5;

/**
 * Keeps leases while the event loop does not answer: a thread with its own connection renews what is held, from the moment
 * the loop has been silent for a quarter of a lease. It begins with the first lease, looks at a number now and then, and loads and
 * connects nothing for as long as the loop answers.
 */
export class LeaseGuard {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #table: LeaseTable;
  readonly #data: Omit<GuardData, 'shared'>;
  readonly #queues = new Map<string, number>();
  #thread: Worker | undefined;
  #started = false;

  constructor(source: RenewalsSource, maxBatch: number, clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
    this.#table = new LeaseTable(source.receiptBytes);
    const { module, data } = source;
    const guard = moduleBeside(import.meta.url, 'guard-thread');
    // Compiled code runs as it is. Sources need a loader, which a thread has to load for itself.
    const loader = guard.endsWith('.ts') ? 'tsx/esm/api' : undefined;
    this.#data = { guard, loader, module, data, maxBatch };
  }

  /** Puts a lease down; the number is for `release` and `keptUntil`. */
  hold(queue: string, receipt: string, seconds: number): number {
    if (!this.#started) this.#start();
    let number = this.#queues.get(queue);
    if (number === undefined) {
      number = this.#queues.size;
      this.#queues.set(queue, number);
      const told: GuardedQueue = { number, name: queue, seconds };
      this.#thread?.postMessage(told);
    }
    return this.#table.add(number, receipt, seconds * 1000);
  }

  release(slot: number): void {
    this.#table.remove(slot);
  }

  beat(): void {
    this.#table.beat();
  }

  /** Until when the thread has renewed a lease, by the clock; undefined when it did not, 'gone' when the broker has it no more. */
  keptUntil(slot: number): number | 'gone' | undefined {
    const until = this.#table.keptUntil(slot);
    if (until === 0) return undefined;
    return until < 0 ? 'gone' : this.#clock.monotonic() + until - processMs();
  }

  /** Undefined, or resolves when no renewal of the thread is under way. */
  quiet(): Promise<void> | undefined {
    return this.#table.renewing ? this.#whenQuiet() : undefined;
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): void {
    this.#started = true;
    try {
      const data = { ...this.#data, shared: this.#table.shared };
      this.#thread = inlineThread('leases', waitForSilence, data);
      this.#thread.on('error', (error) => this.#ended(error));
    } catch (error) {
      this.#ended(error);
    }
  }

  #ended(error: unknown): void {
    this.#logger.error(
      { error: messageOf(error) },
      'leases are kept by the event loop alone: their thread ended',
    );
  }

  async #whenQuiet(): Promise<void> {
    while (this.#table.renewing) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
