import { type Logger, messageOf } from '../../base/index.js';
import type { Consumption, Queue, Transport } from '../../messaging/index.js';
import type { Engine } from '../engine.js';

export interface TaskConsumerOptions {
  readonly broker: Transport;
  readonly engine: Engine;
  readonly queues: readonly Queue[];
  /** Tasks may block this event loop. */
  readonly mayBlock: boolean;
  readonly logger: Logger;
}

/**
 * Consumes tasks from queues that may change while it runs. A change starts a consumer of the new queues before it stops
 * the old one; messages in hand are kept. For that moment somewhat more than the prefetch may be held.
 */
export class TaskConsumer implements Consumption {
  readonly #options: TaskConsumerOptions;
  #queues: readonly Queue[];
  #current: Consumption | undefined;
  #changing: Promise<void> = Promise.resolve();
  #paused = false;
  #stopped = false;

  private constructor(options: TaskConsumerOptions) {
    this.#options = options;
    this.#queues = options.queues;
  }

  /** Resolves when it consumes. */
  static async start(options: TaskConsumerOptions): Promise<TaskConsumer> {
    const consumer = new TaskConsumer(options);
    if (options.queues.length > 0) consumer.#current = await consumer.#consume(options.queues);
    return consumer;
  }

  get queues(): readonly Queue[] {
    return this.#queues;
  }

  /** Resolves when the queue is declared and consumed from. Nothing happens when it is already. */
  add(queue: Queue): Promise<void> {
    return this.#change((queues) =>
      queues.some(({ name }) => name === queue.name) ? queues : [...queues, queue],
    );
  }

  /** Resolves when no further message of that queue will come. */
  cancel(name: string): Promise<void> {
    return this.#change((queues) => queues.filter((queue) => queue.name !== name));
  }

  setPrefetch(count: number): void {
    this.#current?.setPrefetch(count);
  }

  pause(): void {
    this.#paused = true;
    this.#current?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#current?.resume();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#changing;
    await this.#current?.stop();
  }

  get lastPoll(): number {
    return this.#current?.lastPoll ?? performance.now();
  }

  /** One change at a time. */
  #change(next: (queues: readonly Queue[]) => readonly Queue[]): Promise<void> {
    const changed = this.#changing.then(() => this.#replace(next(this.#queues)));
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  async #replace(queues: readonly Queue[]): Promise<void> {
    if (this.#stopped || queues.length === this.#queues.length) return;
    const old = this.#current;
    this.#current = queues.length === 0 ? undefined : await this.#consume(queues);
    this.#queues = queues;
    await old?.stop();
  }

  async #consume(queues: readonly Queue[]): Promise<Consumption> {
    const { broker, engine, mayBlock, logger } = this.#options;
    const consumption = await broker.consume({
      queues,
      mayBlock,
      prefetch: engine.window.size,
      onDelivery: (delivery) => engine.accept(delivery),
      onConnection: ({ kind, cause }) => {
        engine.interrupted();
        if (kind === 'up') {
          engine.stats.reconnected();
          logger.info({}, 'consuming goes on');
        } else logger.warn({ error: cause === undefined ? null : messageOf(cause) }, 'consuming interrupted');
      },
    });
    if (this.#paused) consumption.pause();
    return consumption;
  }
}
