import type { OutgoingMessage, PublishOptions } from '../../messaging/index.js';
import type { PublishFields } from './driver.js';
import { abortedError } from './publish-errors.js';
import { toWireTable } from './wire-table.js';

/** A publish on its way. It settles once; what is settled before it was sent is not sent. */
export class Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly fields: PublishFields;
  /** Monotonic milliseconds of the call, and of the last time it was sent. */
  readonly since: number;
  sentAt = 0;
  readonly done: Promise<void>;
  /** The broker sent it back: the confirm that follows is not a success. */
  returned = false;
  settled = false;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #unwatch: (() => void) | undefined;
  readonly #onSettled: (outgoing: Outgoing) => void;

  constructor(
    message: OutgoingMessage,
    to: PublishOptions,
    since: number,
    onSettled: (outgoing: Outgoing) => void,
  ) {
    const { body } = message;
    this.#onSettled = onSettled;
    this.exchange = to.exchange;
    this.routingKey = to.routingKey;
    this.content = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.fields = publishFields(message, to);
    this.since = since;
    this.done = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (to.signal !== undefined) this.#watch(to.signal);
  }

  succeed(): void {
    if (this.#settle()) this.#resolve();
  }

  fail(error: Error): void {
    if (this.#settle()) this.#reject(error);
  }

  /** The same message, as the broker sends it back. */
  isLike(exchange: string, routingKey: string, correlationId: unknown, content: Buffer): boolean {
    return (
      !this.returned &&
      this.exchange === exchange &&
      this.routingKey === routingKey &&
      this.fields.correlationId === correlationId &&
      this.content.equals(content)
    );
  }

  #watch(signal: AbortSignal): void {
    const abort = (): void => this.fail(abortedError(this, signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    this.#unwatch = () => signal.removeEventListener('abort', abort);
  }

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.#unwatch?.();
    this.#onSettled(this);
    return true;
  }
}

/**
 * Only AMQP's own properties travel; persistent unless told otherwise, as kombu. All messages have the same keys in the same
 * order: the encoder is fast on objects of one shape.
 */
function publishFields(message: OutgoingMessage, to: PublishOptions): PublishFields {
  const { properties } = message;
  const { timestamp } = properties;
  return {
    exchange: to.exchange,
    routingKey: to.routingKey,
    mandatory: to.mandatory ?? true,
    immediate: false,
    ticket: undefined,
    contentType: message.contentType,
    contentEncoding: message.contentEncoding,
    headers: toWireTable(message.headers),
    deliveryMode: properties.delivery_mode ?? 2,
    priority: properties.priority,
    correlationId: properties.correlation_id,
    replyTo: properties.reply_to,
    expiration: properties.expiration,
    messageId: properties.message_id,
    timestamp: timestamp === undefined ? undefined : secondsOf(timestamp),
    type: properties.type,
    userId: properties.user_id,
    appId: properties.app_id,
    clusterId: undefined,
  };
}

const secondsOf = (value: unknown): number =>
  value instanceof Date ? Math.floor(value.getTime() / 1000) : Math.trunc(Number(value));
