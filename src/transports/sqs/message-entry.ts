import type { MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { newId } from '../../base/index.js';
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
  readonly #encoded = new WeakMap<StoreMessage, Encoded>();

  constructor(base64: boolean) {
    this.#base64 = base64;
  }

  /** Body and attributes in bytes, as SQS counts them. */
  measure(message: StoreMessage): number {
    return this.#encode(message).bytes;
  }

  /** The queue's order matters within this group; kombu's properties win over our own fields. */
  groupOf({ properties, group }: StoreMessage): string {
    return text(properties.MessageGroupId) ?? group ?? 'default';
  }

  entry(message: StoreMessage, id: string, fifo: boolean): SendMessageBatchRequestEntry {
    const { body, attributes, deduplicationId } = this.#encode(message);
    const delay = Number(message.properties.DelaySeconds ?? message.delaySeconds ?? 0);
    return {
      Id: id,
      MessageBody: body,
      ...(Object.keys(attributes).length > 0 ? { MessageAttributes: attributes } : {}),
      // FIFO queues delay all messages or none: there the receiver waits for the eta.
      ...(fifo ? { MessageGroupId: this.groupOf(message), MessageDeduplicationId: deduplicationId } : {}),
      ...(!fifo && delay >= 1 ? { DelaySeconds: Math.min(MAX_DELAY_S, Math.floor(delay)) } : {}),
    };
  }

  #encode(message: StoreMessage): Encoded {
    const known = this.#encoded.get(message);
    if (known) return known;
    const body = toMessageBody(message.text, this.#base64);
    const attributes = attributesOf(message.properties.message_attributes);
    const encoded = {
      body,
      attributes,
      bytes: Buffer.byteLength(body) + bytesOf(attributes),
      deduplicationId: text(message.properties.MessageDeduplicationId) ?? message.deduplicationId ?? newId(),
    };
    this.#encoded.set(message, encoded);
    return encoded;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

function attributesOf(value: unknown): Encoded['attributes'] {
  return value !== null && typeof value === 'object' ? (value as Encoded['attributes']) : {};
}

function bytesOf(attributes: Encoded['attributes']): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name + (DataType ?? '') + (StringValue ?? '')) + (BinaryValue?.length ?? 0);
  }
  return bytes;
}
