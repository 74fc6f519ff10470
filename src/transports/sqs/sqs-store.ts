import type { Clock, Logger, ToolboxError } from '../../base/index.js';
import type { DeadLetters, OutgoingMessage, Queue, QueueCounts } from '../../messaging/index.js';
import type {
  Aftermath,
  BatchOutcome,
  LeaseChange,
  QueueStore,
  ReceiveOptions,
  RefusedMessage,
  RenewalsSource,
  StoredMessage,
  StoreMessage,
  StoreTraits,
  StowedMessage,
} from '../virtual/index.js';
import type { Connections } from './connections.js';
import { EntryWriter } from './message-entry.js';
import { fromMessageBody } from './message-text.js';
import type { SqsOptions } from './options/sqs-options.js';
import { isPointer, PayloadDesk, type PayloadStore, readReceipt } from './payloads/index.js';
import { DEFAULT_LEASE_S, type KnownQueue, SAFE_MAX_BYTES } from './queues/known-queue.js';
import { QueueDesk } from './queues/queue-desk.js';
import type { QueueDirectory } from './queues/queue-directory.js';
import { Receiver } from './receiver.js';
import { Refusals } from './refusals.js';
import { replacementOf } from './replacement.js';
import { type Refusal, translateEntry } from './sqs-failures.js';
import { MAX_LEASE_S, traitsOf } from './sqs-traits.js';

export interface SqsStoreOptions {
  readonly url: string;
  readonly connections: Connections;
  readonly directory: QueueDirectory;
  readonly options: SqsOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly payloads: PayloadStore | undefined;
  readonly renewals: RenewalsSource | undefined;
}

/** The storage verbs over SQS, in its batches of ten. */
export class SqsStore implements QueueStore {
  readonly url: string;
  readonly traits: StoreTraits;
  readonly renewals: RenewalsSource | undefined;
  readonly stow?: (queue: string, message: StoreMessage) => Promise<StowedMessage> | undefined;
  readonly #with: SqsStoreOptions;
  readonly #directory: QueueDirectory;
  readonly #entries: EntryWriter;
  readonly #receiver: Receiver;
  readonly #refusals: Refusals;
  readonly #payloads: PayloadDesk | undefined;
  readonly #desk: QueueDesk;
  readonly #pauseMs: number;
  #connected: Promise<void> | undefined;

  constructor(parts: SqsStoreOptions) {
    const { options, directory, clock, logger, payloads: store } = parts;
    this.#with = parts;
    this.url = parts.url;
    this.traits = traitsOf(options);
    this.renewals = parts.renewals;
    this.#directory = directory;
    this.#entries = new EntryWriter(options.sqs_base64_encoding, logger);
    this.#receiver = new Receiver(clock, options);
    this.#refusals = new Refusals(directory, options, logger);
    this.#desk = new QueueDesk(parts.connections.main, directory, options.queue_name_prefix);
    this.#pauseMs = (options.polling_interval ?? (options.wait_time_seconds === 0 ? 1 : 0)) * 1000;
    if (store === undefined) return;
    const threshold = options.large_payloads?.threshold;
    const payloads = new PayloadDesk({ store, threshold, entries: this.#entries, logger });
    this.#payloads = payloads;
    this.stow = (queue, message) => payloads.stow(queue, message, this.#ownLimitOf(queue));
  }

  connect(): Promise<void> {
    this.#connected ??= this.#desk.greet().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }

  async ensureQueue({ name }: Queue): Promise<void> {
    await this.#directory.ensure(name);
  }

  /** With a place for large payloads, the queue's own limit is none for messages. */
  limitOf(queue?: string): number {
    if (queue === undefined) return this.#payloads ? Number.POSITIVE_INFINITY : this.#directory.maxBytes;
    return this.#ownLimitOf(queue);
  }

  leaseOf(queue: string): number {
    return this.#directory.get(queue)?.leaseSeconds ?? DEFAULT_LEASE_S;
  }

  measure(message: StoreMessage): number {
    return this.#entries.measure(message);
  }

  delayOf(message: OutgoingMessage): number | undefined {
    return this.#entries.delayOf(message);
  }

  laneOf(queue: string, message: StoreMessage): string | undefined {
    return this.#directory.get(queue)?.fifo ? this.#entries.groupOf(message) : undefined;
  }

  refused(queue: string, message: RefusedMessage): Promise<Aftermath> {
    return this.#refusals.of(queue, message);
  }

  replacement(queue: string, message: StoredMessage, delaySeconds: number): StoreMessage | undefined {
    const known = this.#directory.get(queue);
    return known && replacementOf(known, message, delaySeconds, this.#with.clock.now());
  }

  send(queue: string, messages: readonly StoreMessage[]): Promise<BatchOutcome> {
    return this.#batch('SendMessageBatch', queue, messages.length, false, ({ url, fifo, connection }) =>
      connection.call({
        operation: 'SendMessageBatch',
        queue,
        run: (sqs, call) =>
          sqs.sendMessageBatch(
            {
              QueueUrl: url,
              Entries: messages.map((message, at) => this.#entries.entry(message, String(at), fifo)),
            },
            call,
          ),
      }),
    );
  }

  async receive(queue: string, options: ReceiveOptions): Promise<readonly StoredMessage[]> {
    const most = this.#with.options.wait_time_seconds;
    const wait = Math.min(options.waitSeconds ?? most, most);
    const raw = await this.#directory.use(queue, (known) => this.#receiver.receive(known, options, wait));
    if (raw.length > 0) {
      const messages = await Promise.all(raw.map((one) => this.#open(one)));
      return messages.filter((one) => one !== undefined);
    }
    if (this.#pauseMs > 0) await this.#with.clock.sleep(this.#pauseMs, options.signal).catch(() => undefined);
    return [];
  }

  async delete(queue: string, receipts: readonly string[]): Promise<BatchOutcome> {
    const read = receipts.map(readReceipt);
    const Entries = read.map(({ handle }, at) => ({ Id: String(at), ReceiptHandle: handle }));
    const outcomes = await this.#batch(
      'DeleteMessageBatch',
      queue,
      receipts.length,
      true,
      ({ url, connection }) =>
        connection.call({
          operation: 'DeleteMessageBatch',
          queue,
          run: (sqs, call) => sqs.deleteMessageBatch({ QueueUrl: url, Entries }, call),
        }),
    );
    // The message first: a body without a message costs space, a message without its body is lost.
    const done = read.flatMap(({ pointer }, at) => (pointer === undefined || outcomes[at] ? [] : [pointer]));
    await Promise.all(done.map(async (pointer) => this.#payloads?.remove(pointer)));
    return outcomes;
  }

  extend(queue: string, changes: readonly LeaseChange[]): Promise<BatchOutcome> {
    const Entries = changes.map(({ receipt, seconds }, at) => ({
      Id: String(at),
      ReceiptHandle: readReceipt(receipt).handle,
      VisibilityTimeout: Math.min(MAX_LEASE_S, Math.ceil(seconds)),
    }));
    return this.#batch('ChangeMessageVisibilityBatch', queue, changes.length, true, ({ url, connection }) =>
      connection.call({
        operation: 'ChangeMessageVisibilityBatch',
        queue,
        run: (sqs, call) => sqs.changeMessageVisibilityBatch({ QueueUrl: url, Entries }, call),
      }),
    );
  }

  count(queue: string): Promise<QueueCounts> {
    return this.#desk.count(queue);
  }

  deadLetters(queue: string): Promise<DeadLetters | undefined> {
    return this.#desk.deadLetters(queue);
  }

  purge(queue: string): Promise<number> {
    return this.#desk.purge(queue);
  }

  deleteQueue(queue: string): Promise<void> {
    return this.#desk.deleteQueue(queue);
  }

  async close(): Promise<void> {
    await this.#with.connections.close();
    this.#payloads?.close();
  }

  #ownLimitOf(queue: string): number {
    return this.#directory.get(queue)?.maxBytes ?? SAFE_MAX_BYTES;
  }

  async #open(raw: StoredMessage): Promise<StoredMessage | undefined> {
    if (!isPointer(raw.text)) return { ...raw, text: fromMessageBody(raw.text) };
    if (this.#payloads) return this.#payloads.complete(raw);
    return { ...raw, defect: 'its body is kept outside the queue: say where in large_payloads' };
  }

  async #batch(
    operation: string,
    queue: string,
    length: number,
    stale: boolean,
    verb: (known: KnownQueue) => Promise<{ readonly Failed?: readonly Refusal[] | undefined }>,
  ): Promise<BatchOutcome> {
    const { Failed = [] } = await this.#directory.use(queue, verb);
    const outcomes = new Array<ToolboxError | undefined>(length).fill(undefined);
    const attempt = { operation, queue, endpoint: this.#with.connections.main.endpoint };
    for (const refusal of Failed) outcomes[Number(refusal.Id)] = translateEntry(refusal, attempt, stale);
    return outcomes;
  }
}
