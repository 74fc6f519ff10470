import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { type Logger, newId } from '../../base/index.js';
import type { MessageProperties, OutgoingMessage } from '../../messaging/index.js';
import type { StoreMessage } from '../virtual/index.js';
import { toMessageBody } from './message-text.js';

/** Longest delay of SQS in seconds. */
export const MAX_DELAY_S = 900;

interface Encoded {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly bytes: number;
  /** Stays the same when the message is sent again, so that SQS drops the second. */
  readonly deduplicationId: string;
}

/** Makes the entries of SendMessageBatch; each message is encoded once, for all its copies and attempts. */
export class EntryWriter {
  readonly #base64: boolean;
  readonly #logger: Logger;
  readonly #encoded = new WeakMap<StoreMessage, Encoded>();

  constructor(base64: boolean, logger: Logger) {
    this.#base64 = base64;
    this.#logger = logger;
  }

  /** kombu's two properties for a delay win over our own field. */
  delayOf({ properties, delaySeconds }: OutgoingMessage): number | undefined {
    const wanted = properties['delay_seconds'] ?? properties.DelaySeconds;
    if (wanted === undefined || wanted === null) return delaySeconds;
    const delay = Number(wanted);
    if (delay >= 0) return delay;
    this.#logger.warn({ delay: wanted }, 'not a number of seconds to delay a message by: sent without delay');
    return undefined;
  }

  /** The body as SQS is given it. */
  bodyOf(message: StoreMessage): string {
    return this.#encode(message).body;
  }

  /** Body and attributes in bytes, as SQS counts them. */
  measure(message: StoreMessage): number {
    return this.#encode(message).bytes;
  }

  /** The message with another body, which is sent as it is, and one more attribute. */
  withBody(message: StoreMessage, body: string, attributes: Encoded['attributes']): StoreMessage {
    const copy = { ...message };
    const { deduplicationId, attributes: before } = this.#encode(message);
    this.#keep(copy, body, { ...before, ...attributes }, deduplicationId);
    return copy;
  }

  /** The queue's order matters within this group; kombu's properties win over our own fields. */
  groupOf({ properties, group }: StoreMessage): string {
    return text(properties.MessageGroupId) ?? group ?? 'default';
  }

  entry(message: StoreMessage, id: string, fifo: boolean): SendMessageBatchRequestEntry {
    const { body, attributes, deduplicationId } = this.#encode(message);
    return {
      Id: id,
      MessageBody: body,
      ...(Object.keys(attributes).length > 0 ? { MessageAttributes: attributes } : {}),
      // FIFO queues delay all messages or none: there the receiver waits for the eta.
      ...(fifo
        ? { MessageGroupId: this.groupOf(message), MessageDeduplicationId: deduplicationId }
        : this.#standard(message)),
    };
  }

  /** A group on a standard queue makes it a fair one: only the caller knows whose messages are to take turns. */
  #standard(message: StoreMessage): Pick<SendMessageBatchRequestEntry, 'MessageGroupId' | 'DelaySeconds'> {
    const group = text(message.properties.MessageGroupId);
    const delay = message.delaySeconds ?? 0;
    return {
      ...(group === undefined ? {} : { MessageGroupId: group }),
      ...(delay >= 1 ? { DelaySeconds: Math.min(MAX_DELAY_S, Math.floor(delay)) } : {}),
    };
  }

  #encode(message: StoreMessage): Encoded {
    return (
      this.#encoded.get(message) ??
      this.#keep(
        message,
        toMessageBody(message.text, this.#base64),
        attributesOf(message.properties.message_attributes),
        text(message.properties.MessageDeduplicationId) ?? message.deduplicationId ?? newId(),
      )
    );
  }

  #keep(
    message: StoreMessage,
    body: string,
    attributes: Encoded['attributes'],
    deduplicationId: string,
  ): Encoded {
    const bytes = Buffer.byteLength(body) + bytesOf(attributes);
    const encoded = { body, attributes, bytes, deduplicationId };
    this.#encoded.set(message, encoded);
    return encoded;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const attributesOf = (value: MessageProperties[string]): Encoded['attributes'] =>
  value !== null && typeof value === 'object' ? (value as Encoded['attributes']) : {};

function bytesOf(attributes: Encoded['attributes']): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name + (DataType ?? '') + (StringValue ?? '')) + (BinaryValue?.length ?? 0);
  }
  return bytes;
}
