import type { Clock, ToolboxError } from '../../base/index.js';
import type { Queue } from '../../messaging/index.js';
import type {
  BatchOutcome,
  LeaseChange,
  QueueStore,
  ReceiveOptions,
  StoredMessage,
  StoreMessage,
  StoreTraits,
} from '../virtual/index.js';
import { EntryWriter, MAX_DELAY_S } from './message-entry.js';
import { QueueDesk } from './queue-desk.js';
import type { QueueDirectory } from './queue-directory.js';
import { DEFAULT_LEASE_S, type KnownQueue, SAFE_MAX_BYTES } from './queue-lookup.js';
import { Receiver } from './receiver.js';
import type { SqsConnection } from './sqs-connection.js';
import { type Refusal, translateEntry } from './sqs-failures.js';
import type { SqsOptions } from './sqs-options.js';

/** Longest a message can be held in all, and the longest single hold. */
const MAX_LEASE_S = 43_200;

export interface SqsStoreOptions {
  readonly url: string;
  readonly connection: SqsConnection;
  readonly directory: QueueDirectory;
  readonly options: SqsOptions;
  readonly clock: Clock;
  readonly close: () => Promise<void>;
}

/** The storage verbs over SQS, in its batches of ten. */
export class SqsStore implements QueueStore {
  readonly url: string;
  readonly traits: StoreTraits;
  readonly #with: SqsStoreOptions;
  readonly #directory: QueueDirectory;
  readonly #entries: EntryWriter;
  readonly #receiver: Receiver;
  readonly #desk: QueueDesk;
  #connected: Promise<void> | undefined;

  constructor(parts: SqsStoreOptions) {
    this.#with = parts;
    this.url = parts.url;
    this.#directory = parts.directory;
    this.#entries = new EntryWriter(parts.options.sqs_base64_encoding);
    this.#receiver = new Receiver(parts.clock);
    this.#desk = new QueueDesk(parts.connection, parts.directory, parts.options.queue_name_prefix);
    this.traits = {
      maxBatch: 10,
      leased: true,
      leaseCeilingSeconds: MAX_LEASE_S,
      maxDelaySeconds: MAX_DELAY_S,
      maxHeld: 1000,
      shortWaitSeconds: 1,
      sendWindowMs: 0,
      ackWindowMs: parts.options.ack_window * 1000,
      publishDeadlineMs: parts.options.publish_timeout * 1000,
      besideEnvelope: ['message_attributes'],
    };
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

  limitOf(queue?: string): number {
    return queue === undefined
      ? this.#directory.maxBytes
      : (this.#directory.get(queue)?.maxBytes ?? SAFE_MAX_BYTES);
  }

  leaseOf(queue: string): number {
    return this.#directory.get(queue)?.leaseSeconds ?? DEFAULT_LEASE_S;
  }

  measure(message: StoreMessage): number {
    return this.#entries.measure(message);
  }

  laneOf(queue: string, message: StoreMessage): string | undefined {
    return this.#directory.get(queue)?.fifo ? this.#entries.groupOf(message) : undefined;
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

  receive(queue: string, options: ReceiveOptions): Promise<readonly StoredMessage[]> {
    const wait = options.waitSeconds ?? this.#with.options.wait_time_seconds;
    return this.#directory.use(queue, (known) =>
      this.#receiver.receive(known, options, Math.min(wait, this.#with.options.wait_time_seconds)),
    );
  }

  delete(queue: string, receipts: readonly string[]): Promise<BatchOutcome> {
    const Entries = receipts.map((ReceiptHandle, at) => ({ Id: String(at), ReceiptHandle }));
    return this.#batch('DeleteMessageBatch', queue, receipts.length, true, ({ url, connection }) =>
      connection.call({
        operation: 'DeleteMessageBatch',
        queue,
        run: (sqs, call) => sqs.deleteMessageBatch({ QueueUrl: url, Entries }, call),
      }),
    );
  }

  extend(queue: string, changes: readonly LeaseChange[]): Promise<BatchOutcome> {
    const Entries = changes.map(({ receipt, seconds }, at) => ({
      Id: String(at),
      ReceiptHandle: receipt,
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

  size(queue: string): Promise<number> {
    return this.#desk.size(queue);
  }

  purge(queue: string): Promise<number> {
    return this.#desk.purge(queue);
  }

  deleteQueue(queue: string): Promise<void> {
    return this.#desk.deleteQueue(queue);
  }

  close(): Promise<void> {
    return this.#with.close();
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
    const attempt = { operation, queue, endpoint: this.#with.connection.endpoint };
    for (const refusal of Failed) outcomes[Number(refusal.Id)] = translateEntry(refusal, attempt, stale);
    return outcomes;
  }
}
