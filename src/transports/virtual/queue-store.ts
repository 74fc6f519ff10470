import type { ToolboxError } from '../../base/index.js';
import type { MessageProperties, Queue } from '../../messaging/index.js';

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
}

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
}

/** A changed time until a held message becomes visible to all; 0 gives it back at once. */
export interface LeaseChange {
  readonly receipt: string;
  readonly seconds: number;
}

/** One outcome for each entry of a batch, in its order: undefined when it went well. */
export type BatchOutcome = readonly (ToolboxError | undefined)[];

/** What a store is like. Constant once it is connected, save the limit, which queues may lower. */
export interface StoreTraits {
  /** Most entries of one batch call. */
  readonly maxBatch: number;
  /** Received messages are held for a time, see `leaseOf`, not until they are settled. */
  readonly leased: boolean;
  /** Seconds after which no renewal keeps a message any longer. */
  readonly leaseCeilingSeconds: number;
  readonly maxDelaySeconds: number;
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
  connect(signal?: AbortSignal): Promise<void>;
  /** Makes sure that the queue exists, creating it where allowed. */
  ensureQueue(queue: Queue): Promise<void>;
  /** Largest message the queue takes, in bytes as `measure` counts them; without a name, the least of all known. */
  limitOf(queue?: string): number;
  /** Seconds a received message of the queue is held for us. Asked only when leased. */
  leaseOf(queue: string): number;
  /** Bytes of the message as the broker counts them. */
  measure(message: StoreMessage): number;
  /** Messages with equal lanes are sent in the order of their publishing; undefined when order does not matter. */
  laneOf(queue: string, message: StoreMessage): string | undefined;
  send(queue: string, messages: readonly StoreMessage[]): Promise<BatchOutcome>;
  receive(queue: string, options: ReceiveOptions): Promise<readonly StoredMessage[]>;
  delete(queue: string, receipts: readonly string[]): Promise<BatchOutcome>;
  extend(queue: string, changes: readonly LeaseChange[]): Promise<BatchOutcome>;
  size(queue: string): Promise<number>;
  purge(queue: string): Promise<number>;
  deleteQueue(queue: string): Promise<void>;
  close(): Promise<void>;
}
