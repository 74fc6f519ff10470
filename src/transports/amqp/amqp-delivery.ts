import type { ConsumeMessage } from 'amqplib';
import { ToolboxError } from '../../base/index.js';
import type {
  Delivery,
  DeliveryInfo,
  Destination,
  Headers,
  MessageProperties,
  OutgoingMessage,
  Queue,
} from '../../messaging/index.js';
import { hasWaited, originalKey } from './delayed/delay-key.js';
import { SENT_TO, WAITED_AGAIN } from './delayed/delayed-delivery.js';
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
  readonly #queue: Queue;
  readonly #settler: Settler;
  #headers: Headers | undefined;
  #properties: MessageProperties | undefined;
  #info: DeliveryInfo | undefined;
  #lost: AbortController | undefined;
  #lostReason: ToolboxError | undefined;

  constructor(message: ConsumeMessage, queue: Queue, settler: Settler) {
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
    this.#headers ??= this.#readHeaders();
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
    return this.#queue.name;
  }

  /** The message, to be sent once more. */
  copy(): OutgoingMessage {
    const { body, contentType, contentEncoding, properties } = this;
    // How often it waited already is kept, what tasks do not see of it.
    const waited: unknown = this.#message.properties.headers?.[WAITED_AGAIN];
    const headers = waited === undefined ? this.headers : { ...this.headers, [WAITED_AGAIN]: waited };
    return { body, contentType, contentEncoding, headers, properties };
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

  #readHeaders(): Headers {
    const headers = fromWireTable(this.#message.properties.headers ?? {});
    if (SENT_TO in headers) {
      const { [SENT_TO]: _, ...asSent } = headers;
      return asSent;
    }
    if (!hasWaited(this.#message.fields.exchange)) return headers;
    // The broker notes every level a message waited in, and would not let a copy with these notes wait there again.
    return Object.fromEntries(
      Object.entries(headers).filter(([name]) => !DEATH.test(name) && name !== WAITED_AGAIN),
    );
  }

  #readInfo(): DeliveryInfo {
    const { fields, properties } = this.#message;
    // Quorum queues count the deliveries before this one.
    const before: unknown = properties.headers?.['x-delivery-count'];
    const { exchange, routingKey } = this.#readDestination();
    const info = {
      exchange,
      routingKey,
      queue: this.#queue.name,
      redelivered: fields.redelivered || properties.headers?.[WAITED_AGAIN] !== undefined,
      priority: typeof properties.priority === 'number' ? properties.priority : null,
    };
    return typeof before === 'number' ? { ...info, deliveryCount: before + 1 } : info;
  }

  /** Where it was sent, also when it waited on its way. */
  #readDestination(): Destination {
    const { exchange, routingKey } = this.#message.fields;
    const sentTo = exchange === '' ? readSentTo(this.#message.properties.headers?.[SENT_TO]) : undefined;
    if (sentTo !== undefined) return sentTo;
    if (!hasWaited(exchange)) return this.#message.fields;
    const key = originalKey(routingKey);
    return key === undefined
      ? { exchange: '', routingKey: this.#queue.name }
      : { exchange: this.#queue.exchange.name, routingKey: key };
  }
}

function readSentTo(value: unknown): Destination | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { exchange, routing_key: routingKey } = value as Record<string, unknown>;
  return typeof exchange === 'string' && typeof routingKey === 'string'
    ? { exchange, routingKey }
    : undefined;
}

const DEATH = /^x-(first-|last-)?death/;

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
