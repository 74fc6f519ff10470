import type { ToolboxError } from '../../base/index.js';
import type { Coordination } from '../../coordination/index.js';
import type {
  DeadLetters,
  Destination,
  MessageProperties,
  OutgoingMessage,
  Queue,
  QueueCounts,
} from '../../messaging/index.js';
import type { RenewalsSource } from './lease-guard/renewals.js';

/** A message on its way into a store: the envelope's text, and what some brokers take beside it. */
export interface StoreMessage {
  readonly text: string;
  readonly properties: MessageProperties;
  readonly group?: string;
  readonly deduplicationId?: string;
  readonly delaySeconds?: number;
}

/** A message as a store hands it out. */
export interface StoredMessage {
  /** What the store knows this delivery by. */
  readonly receipt: string;
  readonly text: string;
  /** How often it was handed out, this time included. */
  readonly receiveCount: number;
  /** When it was sent, by the broker's clock, milliseconds; where the broker tells. */
  readonly sentAt?: number;
  /** Monotonic milliseconds since when it may be held, where that may be some time ago. Default: now. */
  readonly takenAt?: number;
  /** Properties that came beside the envelope. */
  readonly beside?: MessageProperties;
  /** Why `text` is not what was sent. */
  readonly defect?: string;
}

/** A message that was not done. */
export interface RefusedMessage {
  readonly task: unknown;
  readonly receiveCount: number;
  /** It is wanted again. */
  readonly requeue: boolean;
}

/** What becomes of it: gone, seen again when its lease ends, or after some seconds. */
export type Aftermath = 'remove' | 'leave' | { readonly againIn: number };

export interface ReceiveOptions {
  /** Most messages to hand out. */
  readonly max: number;
  /** Seconds to wait for the first one; without it, as long as the store is used to. */
  readonly waitSeconds?: number;
  /**
   * Ends the wait early. The store may need a moment, so as not to lose what is on its way; it resolves with what came,
   * never rejects for it.
   */
  readonly signal: AbortSignal;
  /**
   * To be told the receipts of what a request may bring, before it is sent, where they are known by then; and that the request
   * has ended. Absent: nobody cares.
   */
  readonly expecting?: (receipts: readonly string[]) => () => void;
}

/** A changed time until a held message becomes visible to all; 0 gives it back at once. */
export interface LeaseChange {
  readonly receipt: string;
  readonly seconds: number;
}

/** One outcome for each entry of a batch, in its order: undefined when it went well. */
export type BatchOutcome = readonly (ToolboxError | undefined)[];

/** A binding as a broker keeps it for all programs. */
export interface Binding {
  readonly queue: string;
  readonly routingKey: string;
  /** The key is a pattern. */
  readonly topic: boolean;
}

/** One queue's copy of a message. */
export interface Copy {
  readonly queue: string;
  readonly message: StoreMessage;
  /** A binding led to the queue, not its name alone. */
  readonly bound?: boolean;
}

/** What a store offers whose broker keeps the exchanges for all programs. */
export interface SharedExchanges {
  /** What anybody has bound to the exchange, lately, or with `fresh` now. Empty for an exchange nobody knows. */
  bindings(exchange: string, fresh?: boolean): Promise<readonly Binding[]>;
  /** Stores messages, each with all of its copies or not at all. NOT_DECLARED for a queue that is missing. */
  sendTogether(publishes: readonly (readonly Copy[])[]): Promise<BatchOutcome>;
  /** Most bytes of one such call, save for a single message. */
  readonly batchBytes: number;
  /** Sends to whoever consumes from a queue of that fanout exchange at this moment. */
  broadcast(destination: Destination, text: string): Promise<void>;
}

export interface StowedMessage {
  readonly message: StoreMessage;
  readonly discard: () => Promise<void>;
}
export type QueueOrder = 'round_robin' | 'priority' | 'sorted';

/** What a store is like. Constant once it is connected, save the limit, which queues may lower. */
export interface StoreTraits {
  /** Most entries of one batch call. */
  readonly maxBatch: number;
  /** Received messages are held for a time, see `leaseOf`, not until they are settled. */
  readonly leased: boolean;
  /** Seconds after which no renewal keeps a message any longer. */
  readonly leaseCeilingSeconds: number;
  /** Longest delay of a message that is sent. */
  readonly maxDelaySeconds: number;
  /** Longest delay of a message that is given back. Default: that of one that is sent. */
  readonly maxParkSeconds?: number;
  /** Unsettled deliveries of one consumer that asks for no limit. */
  readonly maxHeld: number;
  /** Seconds a poll waits when another may need its place soon, or when it looks for more of a burst. */
  readonly shortWaitSeconds: number;
  /** Milliseconds a publish waits for others to share its call; 0 gathers those of one turn of the event loop. */
  readonly sendWindowMs: number;
  /** The same for acknowledgements. */
  readonly ackWindowMs: number;
  /** Milliseconds for which a publish is tried again while the broker cannot be reached. */
  readonly publishDeadlineMs: number;
  /** Longest pause between polls of a broker that cannot be reached. Default 10 000 ms. */
  readonly maxPollPauseMs?: number;
  /** Queues of one consumer are fetched side by side (`round_robin`, the default), or the first before the others: as given, or by name. */
  readonly queueOrder?: QueueOrder;
  /** Urgent messages overtake others. Default false. */
  readonly priorities?: boolean;
  /** Default `topic`. */
  readonly eventExchangeType?: 'topic' | 'fanout';
  /** Properties the store sends beside the envelope, and which are left out of it. */
  readonly besideEnvelope: readonly string[];
}

/**
 * The verbs from which the virtual broker makes a transport. Failures are ToolboxErrors: BROKER_UNREACHABLE means
 * worth trying again (unless `fields.transient` is false), LEASE_LOST that a receipt is no longer ours,
 * NOT_DECLARED that the queue is missing.
 */
export interface QueueStore {
  /** Where it connects to, password masked. */
  readonly url: string;
  readonly traits: StoreTraits;
  /** Only where the broker has more than queues. */
  readonly shared?: SharedExchanges;
  /** See Transport.coordination. */
  readonly coordination?: Coordination;
  /** How another thread renews leases; undefined where that cannot be. */
  readonly renewals?: RenewalsSource | undefined;
  connect(signal?: AbortSignal): Promise<void>;
  /** Makes sure that the queue exists, creating it where allowed. */
  ensureQueue(queue: Queue): Promise<void>;
  /** Called before the first receive of a consumer; the function it gives after its last. */
  attend?(queues: readonly Queue[]): Promise<() => Promise<void>>;
  /** Largest message the queue takes, in bytes as `measure` counts them; without a name, the least of all known. */
  limitOf(queue?: string): number;
  /** Seconds a received message of the queue is held for us. Asked only when leased. */
  leaseOf(queue: string): number;
  /** Bytes of the message as the broker counts them. */
  measure(message: StoreMessage): number;
  /** Seconds to delay a message by, where its properties may say it too. Default: its own `delaySeconds`. */
  delayOf?(message: OutgoingMessage): number | undefined;
  /** Messages with equal lanes are sent in the order of their publishing; undefined when order does not matter. */
  laneOf(queue: string, message: StoreMessage): string | undefined;
  /**
   * Puts outside what is too large for its queue, and gives the message to send instead; undefined when it goes as it
   * is. `discard` takes it back, should the message not be sent after all.
   */
  stow?(queue: string, message: StoreMessage): Promise<StowedMessage> | undefined;
  /** What becomes of a message that was not done. Default: gone, or given back at once when it is wanted again. */
  refused?(queue: string, message: RefusedMessage): Promise<Aftermath>;
  /** The message to send in place of one that the queue would no longer deliver after such a delay; else undefined. */
  replacement?(queue: string, message: StoredMessage, delaySeconds: number): StoreMessage | undefined;
  /** Where the queue's messages go that were received too often. Throws NOT_DECLARED when there is no such place. */
  deadLetters?(queue: string): Promise<DeadLetters | undefined>;
  send(queue: string, messages: readonly StoreMessage[]): Promise<BatchOutcome>;
  receive(queue: string, options: ReceiveOptions): Promise<readonly StoredMessage[]>;
  delete(queue: string, receipts: readonly string[]): Promise<BatchOutcome>;
  extend(queue: string, changes: readonly LeaseChange[]): Promise<BatchOutcome>;
  /** See Transport.hazards. */
  hazards?(): Promise<readonly string[]>;
  /** See Transport.count. */
  count(queue: string): Promise<QueueCounts>;
  purge(queue: string): Promise<number>;
  deleteQueue(queue: string): Promise<void>;
  close(): Promise<void>;
}
