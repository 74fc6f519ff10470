import type { Destination } from './topology.js';

export type Headers = Readonly<Record<string, unknown>>;

/**
 * AMQP basic properties by their AMQP names, plus any further property the caller set. On virtual transports all of
 * them travel; on AMQP only the real ones (content type and encoding are fields of the message itself).
 */
export interface MessageProperties {
  readonly correlation_id?: string;
  readonly reply_to?: string;
  readonly delivery_mode?: 1 | 2;
  readonly priority?: number;
  /** Milliseconds, as a decimal string. */
  readonly expiration?: string;
  readonly [custom: string]: unknown;
}

/** A message as a producer hands it to a transport: already serialized. */
export interface OutgoingMessage {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** `utf-8` or `binary`: the charset, not the compression. */
  readonly contentEncoding: string;
  readonly headers: Headers;
  readonly properties: MessageProperties;
  /** Messages of one group keep their order where the broker has groups (SQS FIFO MessageGroupId). */
  readonly group?: string;
  /** A second send with this id within the broker's window is dropped (SQS FIFO MessageDeduplicationId). */
  readonly deduplicationId?: string;
  /** Seconds the broker should hold the message back, when its capability `delay` allows as much. */
  readonly delaySeconds?: number;
}

export interface DeliveryInfo extends Destination {
  /** The queue it was taken from. */
  readonly queue: string;
  readonly redelivered: boolean;
  readonly priority: number | null;
  /** How often the broker has delivered it, this time included, where the broker counts. */
  readonly deliveryCount?: number;
}

/** A message as a consumer receives it. Exactly one of `ack`, `reject`, `release` is called, once. */
export interface Delivery {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: Headers;
  readonly properties: MessageProperties;
  readonly info: DeliveryInfo;
  /** Aborted when the broker has, or may have, given the message to someone else; reason is LEASE_LOST. */
  readonly lost: AbortSignal;
  /** True once `lost` is aborted. Transports that make the signal only when it is asked for offer this, to ask for less. */
  readonly isLost?: boolean;
  /**
   * Set when the transport could not read its own envelope: why, in words. `body` then holds the bytes as the broker
   * kept them, `headers` and `properties` are empty: for quarantine, not for a task.
   */
  readonly defect?: string;
  /** Done for good. Resolves when the broker knows (or, for batched transports, when the batch was sent). */
  ack(): Promise<void>;
  /**
   * The work was not done and is not to be tried by this delivery. The message is removed, unless the broker has a rule
   * for such messages: dead letters, or SQS' backoff policy.
   */
  reject(): Promise<void>;
  /**
   * Gives it back to its own queue, to be delivered again after `delaySeconds`, where the broker can delay. 0: at once.
   * Without it, the work failed: when the broker's own rule says, at once where there is none.
   */
  release(delaySeconds?: number): Promise<void>;
}
