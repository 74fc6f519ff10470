import type { ConsumeMessage } from 'amqplib';
import { ToolboxError } from '../../base/index.js';
import type { Delivery, DeliveryInfo, Headers, MessageProperties } from '../../messaging/index.js';
import { EMPTIED_FIELD } from './frame-repair.js';
import { fromWireTable } from './wire-table.js';

/** What a delivery is settled through. */
export interface Settler {
  ack(delivery: AmqpDelivery): Promise<void>;
  reject(delivery: AmqpDelivery): Promise<void>;
  release(delivery: AmqpDelivery, delaySeconds: number): Promise<void>;
}

/** A message held. Headers, properties and signal are made when first asked for: most tasks need few of them. */
export class AmqpDelivery implements Delivery {
  readonly tag: number;
  readonly defect?: string;
  readonly #message: ConsumeMessage;
  readonly #queue: string;
  readonly #settler: Settler;
  #headers: Headers | undefined;
  #properties: MessageProperties | undefined;
  #info: DeliveryInfo | undefined;
  #lost: AbortController | undefined;
  #lostReason: ToolboxError | undefined;

  constructor(message: ConsumeMessage, queue: string, settler: Settler) {
    this.tag = message.fields.deliveryTag;
    this.#message = message;
    this.#queue = queue;
    this.#settler = settler;
    if (message.properties.headers?.[EMPTIED_FIELD] !== undefined) {
      this.defect = 'its header table holds values of a type that AMQP does not have';
      this.#headers = {};
    }
  }

  get body(): Uint8Array {
    return this.#message.content;
  }

  get contentType(): string {
    return String(this.#message.properties.contentType ?? 'application/octet-stream');
  }

  get contentEncoding(): string {
    return String(this.#message.properties.contentEncoding ?? 'binary');
  }

  get headers(): Headers {
    this.#headers ??= fromWireTable(this.#message.properties.headers ?? {});
    return this.#headers;
  }

  get properties(): MessageProperties {
    this.#properties ??= readProperties(this.#message.properties);
    return this.#properties;
  }

  get info(): DeliveryInfo {
    this.#info ??= this.#readInfo();
    return this.#info;
  }

  get lost(): AbortSignal {
    if (this.#lost === undefined) {
      this.#lost = new AbortController();
      if (this.#lostReason !== undefined) this.#lost.abort(this.#lostReason);
    }
    return this.#lost.signal;
  }

  get isLost(): boolean {
    return this.#lostReason !== undefined;
  }

  /** The queue it was taken from. */
  get queue(): string {
    return this.#queue;
  }

  /** The connection is gone, and with it the broker's promise to give it to nobody else. */
  lose(cause: unknown): void {
    this.#lostReason = leaseLost(this, cause);
    this.#lost?.abort(this.#lostReason);
  }

  ack(): Promise<void> {
    return this.#settler.ack(this);
  }

  reject(): Promise<void> {
    return this.#settler.reject(this);
  }

  release(delaySeconds = 0): Promise<void> {
    return this.#settler.release(this, delaySeconds);
  }

  #readInfo(): DeliveryInfo {
    const { fields, properties } = this.#message;
    // Quorum queues count the deliveries before this one.
    const before: unknown = properties.headers?.['x-delivery-count'];
    return {
      exchange: fields.exchange,
      routingKey: fields.routingKey,
      queue: this.#queue,
      redelivered: fields.redelivered,
      priority: typeof properties.priority === 'number' ? properties.priority : null,
      ...(typeof before === 'number' ? { deliveryCount: before + 1 } : {}),
    };
  }
}

/** The broker has, or may have, given the message to someone else. */
export const leaseLost = (delivery: AmqpDelivery, cause: unknown): ToolboxError =>
  new ToolboxError(
    'LEASE_LOST',
    `a message of queue ${delivery.queue} is no longer ours: its channel was closed, and the broker delivers it again`,
    { cause, fields: { queue: delivery.queue } },
  );

const NAMES: readonly (readonly [string, keyof ConsumeMessage['properties'] & string])[] = [
  ['correlation_id', 'correlationId'],
  ['reply_to', 'replyTo'],
  ['delivery_mode', 'deliveryMode'],
  ['priority', 'priority'],
  ['expiration', 'expiration'],
  ['message_id', 'messageId'],
  ['timestamp', 'timestamp'],
  ['type', 'type'],
  ['user_id', 'userId'],
  ['app_id', 'appId'],
  ['cluster_id', 'clusterId'],
];

function readProperties(theirs: ConsumeMessage['properties']): MessageProperties {
  const ours: Record<string, unknown> = {};
  for (const [name, theirName] of NAMES) {
    const value: unknown = theirs[theirName];
    if (value !== undefined) ours[name] = value;
  }
  return ours;
}
