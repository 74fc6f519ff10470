import {
  backoffMs,
  type Clock,
  deferred,
  hasCode,
  Lifecycle,
  type Logger,
  messageOf,
  type Service,
  type ServiceState,
  type StopOptions,
} from '../../base/index.js';
import type { Consumption, Delivery, Queue, Transport } from '../../messaging/index.js';
import { type ReadDelivery, type Recorded, type RecorderParts, recordBatch } from './recorder.js';

export interface SyncTasksOptions extends Omit<RecorderParts, 'table'> {
  readonly broker: () => Promise<Transport>;
  /** The platform queue. */
  readonly queue: Queue;
  /** Looks at the database: what kind of task table it has. Rejects when it is away. */
  readonly inspect: () => Promise<RecorderParts['table']>;
  readonly read: (delivery: Delivery) => ReadDelivery | Promise<ReadDelivery>;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Most messages a statement records. Default 500. */
  readonly batchSize?: number;
  /** Told after each batch was committed and acknowledged. */
  readonly onBatch?: (recorded: Recorded) => void;
}

/** A message that waits to be recorded, and what was read of it. */
interface Taken {
  readonly delivery: Delivery;
  readonly read: ReadDelivery | Promise<ReadDelivery>;
}

/** Seconds after which messages that could not be recorded come back, where the broker can delay. */
const HAND_BACK_SECONDS = 5;
const PROBE = { baseMs: 250, maxMs: 5000 };

/**
 * Records every message of the platform queue in the task table, and acknowledges it after the commit. Messages that are
 * no tasks go to quarantine. While the database is away it stops fetching, hands back what it holds and resumes
 * when the database answers. Any number of instances may run.
 */
export class SyncTasks implements Service {
  readonly #options: SyncTasksOptions;
  readonly #batchSize: number;
  readonly #life = new Lifecycle('sync-tasks');
  #waiting: Taken[] = [];
  #table: RecorderParts['table'] | undefined;
  #consumption: Consumption | undefined;
  #working: Promise<void> | undefined;
  #stop = new AbortController();

  constructor(options: SyncTasksOptions) {
    this.#options = options;
    this.#batchSize = options.batchSize ?? 500;
  }

  get state(): ServiceState {
    return this.#life.state;
  }

  get stopped(): Promise<void> {
    return this.#life.stopped;
  }

  /** Rejects when the broker or the database cannot be used, saying why. */
  async start(): Promise<void> {
    this.#life.begin();
    try {
      this.#stop = new AbortController();
      this.#table = await this.#options.inspect();
      const broker = await this.#options.broker();
      this.#consumption = await broker.consume({
        queues: [this.#options.queue],
        prefetch: this.#batchSize * 2,
        onDelivery: (delivery) => this.#take(delivery),
        onConnection: ({ kind, cause }) =>
          this.#options.logger.warn(
            { cause: cause === undefined ? undefined : messageOf(cause) },
            `broker connection ${kind}`,
          ),
      });
      this.#life.running();
      this.#work();
    } catch (error) {
      this.#life.failed(error);
      throw error;
    }
  }

  /** Stops fetching, records what it holds, gives back what is left at the deadline (default 10 s). */
  async stop({ deadlineMs = 10_000 }: StopOptions = {}): Promise<void> {
    if (this.state === 'stopping') return this.stopped;
    if (this.state !== 'running') return;
    this.#life.stopping();
    await this.#consumption?.stop();
    const overdue = deferred();
    const cancel = this.#options.clock.after(deadlineMs, overdue.resolve);
    await Promise.race([this.#working ?? Promise.resolve(), overdue.promise]);
    cancel();
    this.#stop.abort();
    await this.#working;
    await handBack(this.#waiting.splice(0), 0);
    this.#life.ended();
  }

  #take(delivery: Delivery): void {
    // Read at once: the batch before is being written meanwhile.
    this.#waiting.push({ delivery, read: this.#options.read(delivery) });
    if (this.state === 'running') this.#work();
  }

  /** One batch after the other; while one is written the next gathers. */
  #work(): void {
    this.#working ??= this.#drain().finally(() => {
      this.#working = undefined;
      if (this.#waiting.length > 0 && !this.#stop.signal.aborted) this.#work();
    });
  }

  async #drain(): Promise<void> {
    // Whatever arrives in the same turn of the event loop belongs to the same batch.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      const batch = this.#waiting.splice(0, this.#batchSize);
      try {
        await this.#record(batch);
      } catch (error) {
        await this.#waitForDatabase(batch, error);
      }
    }
  }

  async #record(batch: readonly Taken[]): Promise<void> {
    const { database, quarantine, keep, onBatch, logger } = this.#options;
    const table = (this.#table ??= await this.#options.inspect());
    const recorded = await recordBatch(
      { database, table, quarantine, keep },
      await Promise.all(batch.map(({ read }) => Promise.resolve(read))),
    );
    const settled = await Promise.allSettled(batch.map(({ delivery }) => delivery.ack()));
    const unsettled = settled.filter(({ status }) => status === 'rejected').length;
    // They come again and change nothing.
    if (unsettled > 0) logger.warn({ unsettled }, 'recorded messages could not be acknowledged');
    if (recorded.quarantined > 0) logger.error({ ...recorded }, 'messages that are no tasks were set aside');
    onBatch?.(recorded);
  }

  /** Gives everything back, so that nobody waits for this process, and asks until the database answers. */
  async #waitForDatabase(batch: readonly Taken[], cause: unknown): Promise<void> {
    const { logger, clock, inspect } = this.#options;
    logger.error({ error: messageOf(cause) }, 'database away: fetching paused, messages handed back');
    this.#consumption?.pause();
    this.#table = undefined;
    await handBack([...batch, ...this.#waiting.splice(0)], HAND_BACK_SECONDS);
    for (let attempt = 0; !this.#stop.signal.aborted; attempt += 1) {
      try {
        this.#table = await inspect();
        logger.info({}, 'database is back: fetching resumed');
        break;
      } catch (error) {
        if (!hasCode(error, 'STORE_UNREACHABLE') && !hasCode(error, 'STORE_REFUSED')) throw error;
        await clock.sleep(backoffMs(attempt, PROBE), this.#stop.signal).catch(() => undefined);
      }
    }
    // What a receive in flight still brought meanwhile is recorded like everything else.
    if (this.state === 'running') this.#consumption?.resume();
  }
}

async function handBack(taken: readonly Taken[], delaySeconds: number): Promise<void> {
  // A message that cannot be given back comes again when its lease or connection ends.
  await Promise.allSettled(taken.map(({ delivery }) => delivery.release(delaySeconds)));
}
