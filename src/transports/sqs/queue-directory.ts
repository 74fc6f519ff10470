import { hasCode, ToolboxError } from '../../base/index.js';
import { type KnownQueue, type QueueLookup, SAFE_MAX_BYTES } from './queue-lookup.js';
import { isFifo, sqsQueueName } from './queue-names.js';
import type { SqsConnection } from './sqs-connection.js';
import type { PredefinedQueue, SqsOptions } from './sqs-options.js';

export interface DirectoryOptions {
  readonly lookup: QueueLookup;
  readonly options: SqsOptions;
  /** A connection with a predefined queue's own credentials and region. */
  readonly connectionFor: (queue: PredefinedQueue) => SqsConnection;
}

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
    const { lookup, connectionFor, options } = this.#with;
    const sqsName = sqsQueueName(options.queue_name_prefix, queue);
    const id = { queue, sqsName, fifo: isFifo(sqsName) };
    if (this.#predefined.size === 0) return create ? lookup.findOrCreate(id) : lookup.find(id);
    const entry = this.#predefined.get(queue) ?? this.#predefined.get(sqsName);
    if (entry) return lookup.describe(id, entry.url, connectionFor(entry));
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
