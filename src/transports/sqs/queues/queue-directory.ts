import { type Clock, hasCode, ToolboxError } from '../../../base/index.js';
import type { Connections } from '../connections.js';
import type { PredefinedQueue } from '../options/predefined-queue.js';
import type { SqsOptions } from '../options/sqs-options.js';
import { type KnownQueue, SAFE_MAX_BYTES } from './known-queue.js';
import type { QueueLookup } from './queue-lookup.js';
import { isFifo, sqsQueueName } from './queue-names.js';

export interface DirectoryOptions {
  readonly lookup: QueueLookup;
  readonly options: SqsOptions;
  readonly connections: Connections;
  readonly clock: Clock;
}

/** Milliseconds for which what is known of a queue is good enough where a mistake cannot be undone, as in kombu. */
const FRESH_MS = 300_000;

/** Where each queue is, looked up once and made where allowed. */
export class QueueDirectory {
  readonly #with: DirectoryOptions;
  readonly #asked = new Map<string, Promise<KnownQueue>>();
  readonly #found = new Map<string, KnownQueue>();
  readonly #predefined: ReadonlyMap<string, PredefinedQueue>;

  constructor(directory: DirectoryOptions) {
    this.#with = directory;
    const { predefined_queues, queue_name_prefix } = directory.options;
    this.#predefined = new Map(
      Object.entries(predefined_queues).flatMap(([name, entry]) => {
        refuseOtherKind(name, entry.url);
        return [name, sqsQueueName(queue_name_prefix, name)].map((known) => [known, entry] as const);
      }),
    );
  }

  /** The queue, made when missing. Throws NOT_DECLARED when it is not among the predefined ones. */
  async ensure(queue: string): Promise<KnownQueue> {
    // Somebody else may be looking it up without making it.
    const known = await this.#asked.get(queue)?.catch(() => undefined);
    return known ?? this.#remember(queue, true);
  }

  /** The queue. Throws NOT_DECLARED when it does not exist. */
  async resolve(queue: string): Promise<KnownQueue> {
    return this.#asked.get(queue) ?? this.#remember(queue, false);
  }

  /** The queue by what SQS said of it in the last five minutes. */
  async fresh(queue: string): Promise<KnownQueue> {
    const known = await this.resolve(queue);
    const age = this.#with.clock.monotonic() - known.askedAt;
    return age < FRESH_MS ? known : this.#remember(queue, false);
  }

  /** How the queue was configured to be, when it is among the predefined ones. */
  predefined(queue: string): PredefinedQueue | undefined {
    return (
      this.#predefined.get(queue) ??
      this.#predefined.get(sqsQueueName(this.#with.options.queue_name_prefix, queue))
    );
  }

  /** Does something with the queue. One that turns out to be missing is looked up anew the next time. */
  async use<T>(queue: string, work: (known: KnownQueue) => Promise<T>): Promise<T> {
    try {
      return await work(await this.resolve(queue));
    } catch (error) {
      if (hasCode(error, 'NOT_DECLARED')) this.forget(queue);
      throw error;
    }
  }

  /** What is known of the queue so far. */
  get(queue: string): KnownQueue | undefined {
    return this.#found.get(queue);
  }

  /** The least limit of the queues known so far. */
  get maxBytes(): number {
    const limits = [...this.#found.values()].map((queue) => queue.maxBytes);
    return limits.length === 0 ? SAFE_MAX_BYTES : Math.min(...limits);
  }

  forget(queue: string): void {
    this.#asked.delete(queue);
    this.#found.delete(queue);
  }

  /** Some queue that was configured to exist. */
  get anyPredefined(): string | undefined {
    return this.#predefined.keys().next().value;
  }

  async #remember(queue: string, create: boolean): Promise<KnownQueue> {
    const asked = this.#look(queue, create);
    this.#asked.set(queue, asked);
    try {
      const found = await asked;
      this.#found.set(queue, found);
      return found;
    } catch (error) {
      if (this.#asked.get(queue) === asked) this.#asked.delete(queue);
      throw error;
    }
  }

  async #look(queue: string, create: boolean): Promise<KnownQueue> {
    const { lookup, connections, options } = this.#with;
    const sqsName = sqsQueueName(options.queue_name_prefix, queue);
    const id = { queue, sqsName, fifo: isFifo(sqsName) };
    if (this.#predefined.size === 0) return create ? lookup.findOrCreate(id) : lookup.find(id);
    const entry = this.predefined(queue);
    if (entry) return lookup.describe(id, entry.url, connections.of(entry));
    throw new ToolboxError(
      'NOT_DECLARED',
      `queue "${queue}" is not in predefined_queues, and with those no other is used or made: add "${sqsName}" there`,
      { fields: { queue } },
    );
  }
}

function refuseOtherKind(name: string, url: string): void {
  if (isFifo(name) === isFifo(url)) return;
  throw new ToolboxError(
    'CONFIG_INVALID',
    `broker_transport_options.predefined_queues.${name}: name and URL must agree on the ending .fifo, got "${url}"`,
    { fields: { queue: name } },
  );
}
