import { Worker } from 'node:worker_threads';
import { type Clock, type Logger, messageOf } from '../../../base/index.js';
import type { GuardData, GuardedQueue } from './guard-thread.js';
import { LeaseTable, processMs } from './lease-table.js';
import { moduleBeside, type RenewalsSource } from './renewals.js';

/** Milliseconds between looks at whether the thread is done. */
const LOOK_MS = 5;

/**
 * Keeps leases while the event loop does not answer: a thread with its own connection renews what is held, from the moment
 * the loop has been silent for a quarter of a lease. While the loop answers the thread does nothing.
 */
export class LeaseGuard {
  readonly #clock: Clock;
  readonly #table: LeaseTable;
  readonly #queues = new Map<string, number>();
  readonly #thread: Worker;
  /** Resolves when the thread watches. */
  readonly ready: Promise<void>;

  /** Throws when `source.data` cannot pass between threads. */
  constructor(source: RenewalsSource, maxBatch: number, clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#table = new LeaseTable(source.receiptBytes);
    const { module, data } = source;
    const workerData: GuardData = { shared: this.#table.shared, module, data, maxBatch };
    const file = moduleBeside(import.meta.url, 'guard-thread');
    this.#thread = threadOf(file, workerData);
    this.#thread.unref();
    this.ready = new Promise((resolve) => {
      this.#thread.once('message', () => resolve());
      this.#thread.once('exit', () => resolve());
    });
    this.#thread.on('error', (error) => {
      logger.error(
        { error: messageOf(error) },
        'leases are kept by the event loop alone: their thread ended',
      );
    });
  }

  /** Puts a lease down; the number is for `release` and `keptUntil`. */
  hold(queue: string, receipt: string, seconds: number): number {
    let number = this.#queues.get(queue);
    if (number === undefined) {
      number = this.#queues.size;
      this.#queues.set(queue, number);
      const told: GuardedQueue = { number, name: queue, seconds };
      this.#thread.postMessage(told);
    }
    return this.#table.add(number, receipt);
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
    await this.#thread.terminate();
  }

  async #whenQuiet(): Promise<void> {
    while (this.#table.renewing) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Compiled code runs as it is. Sources need a loader, which a thread has to load for itself. */
function threadOf(file: string, workerData: GuardData): Worker {
  if (!file.endsWith('.ts')) return new Worker(new URL(file), { workerData, name: 'leases' });
  const load = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(file)})))`;
  return new Worker(load, { eval: true, workerData, name: 'leases' });
}
