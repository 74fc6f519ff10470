import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { type Clock, hasCode, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { OutgoingMessage, PublishOptions } from '../../messaging/index.js';
import { operationError, replyCode } from './broker-errors.js';
import { publishOn } from './driver.js';
import type { Link } from './link.js';
import { Outbox } from './outbox.js';
import type { Outgoing } from './outgoing.js';
import { abortedError, lateError, nackedError, unroutableError, unwritableError } from './publish-errors.js';

const REOPEN_MS = 100;

export interface PublisherContext {
  readonly link: Link;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly confirmTimeoutMs: number;
  readonly maxUnconfirmed: number;
  /** Declares what the broker may lack, before anything is published on a new connection. */
  readonly prepare: (model: ChannelModel) => Promise<void>;
  readonly missedExchange: (name: string) => void;
}

/**
 * Publishes with confirms, many at a time, in order of call. What is unconfirmed when a channel or connection is lost
 * is sent again on the next one, until no confirm has come for the timeout. The broker closes a channel over a message
 * it refuses and does not say which one: then those in flight go one by one, so that only the culprit fails.
 */
export class Publisher {
  readonly #context: PublisherContext;
  readonly #outbox: Outbox;
  #channel: ConfirmChannel | undefined;
  #opening = false;
  #blocked: string | undefined;
  #lastConfirm = 0;
  #cancelSweep: (() => void) | undefined;
  #closed = false;

  constructor(context: PublisherContext) {
    this.#context = context;
    this.#outbox = new Outbox(context.maxUnconfirmed);
    context.link.listen({
      up: () => void this.#open(),
      down: () => {
        this.#blocked = undefined;
      },
      failed: (error, first) => {
        // A first login that is refused does not get better by waiting.
        if (first && hasCode(error, 'BROKER_REFUSED')) this.#outbox.failAll(error);
      },
      blocked: (reason) => {
        this.#blocked = reason;
        this.#pump();
      },
      needed: () => this.#outbox.unsettled > 0,
    });
  }

  publish(message: OutgoingMessage, to: PublishOptions): Promise<void> {
    if (this.#closed) return Promise.reject(new ToolboxError('STATE_INVALID', 'the transport is closed'));
    if (to.signal?.aborted === true) return Promise.reject(abortedError(to, to.signal.reason));
    let outgoing: Outgoing;
    try {
      outgoing = this.#outbox.add(message, to, this.#context.clock.monotonic());
    } catch (error) {
      // Headers that contain themselves, for one.
      return Promise.reject(unwritableError(to, error));
    }
    this.#cancelSweep ??= this.#scheduleSweep();
    if (this.#channel === undefined) void this.#open();
    else this.#pump();
    return outgoing.done;
  }

  /** Resolves when every publish has been confirmed or has failed. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#outbox.empty();
    this.#cancelSweep?.();
  }

  /** Opens the channel, one attempt at a time. Without a connection the link tells when there is one. */
  async #open(): Promise<void> {
    if (this.#opening || this.#channel !== undefined) return;
    this.#opening = true;
    const { link, prepare, clock, logger } = this.#context;
    try {
      const model = await link.recover();
      await prepare(model);
      this.#adopt(await model.createConfirmChannel());
    } catch (error) {
      logger.debug({ error: messageOf(error) }, 'no channel for publishing yet');
    } finally {
      this.#opening = false;
    }
    if (this.#channel !== undefined) this.#pump();
    else if (this.#outbox.unsettled > 0) clock.after(REOPEN_MS, () => void this.#open());
  }

  #adopt(channel: ConfirmChannel): void {
    let cause: unknown;
    channel.on('error', (error) => {
      cause = error;
    });
    channel.on('return', ({ fields, properties, content }) =>
      this.#outbox.markReturned(fields.exchange, fields.routingKey, properties.correlationId, content),
    );
    channel.on('close', () => this.#lost(channel, cause));
    this.#channel = channel;
  }

  #pump(): void {
    if (this.#blocked !== undefined || !this.#outbox.hasWaiting) return;
    const now = this.#context.clock.monotonic();
    while (this.#channel !== undefined) {
      const outgoing = this.#outbox.take(now);
      if (outgoing === undefined) return;
      this.#send(this.#channel, outgoing);
    }
  }

  #send(channel: ConfirmChannel, outgoing: Outgoing): void {
    try {
      publishOn(channel, outgoing.fields, outgoing.content, (error) =>
        this.#confirmed(channel, outgoing, error),
      );
    } catch (error) {
      // On a channel that is just closing it stays in flight, and goes again from `#lost`.
      if ((error as Error).name === 'IllegalOperationError') return;
      this.#outbox.landed(outgoing);
      outgoing.fail(unwritableError(outgoing, error));
    }
  }

  #confirmed(channel: ConfirmChannel, outgoing: Outgoing, error: unknown): void {
    const nacked = error !== null && error !== undefined;
    // A closing channel answers all that is missing with an error: `#lost`, called next, sends it again.
    if (this.#channel !== channel || (nacked && messageOf(error) === 'channel closed')) return;
    this.#outbox.landed(outgoing);
    this.#lastConfirm = this.#context.clock.monotonic();
    if (nacked) outgoing.fail(nackedError(outgoing, error));
    else if (outgoing.returned) outgoing.fail(unroutableError(outgoing));
    else outgoing.succeed();
    this.#pump();
  }

  #lost(channel: ConfirmChannel, cause: unknown): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    const code = replyCode(cause);
    const culprit = this.#outbox.takeBack(code !== undefined);
    if (culprit !== undefined) {
      const { exchange, routingKey } = culprit;
      if (code === 404) this.#context.missedExchange(exchange);
      const what = `publishing to exchange '${exchange}' with key '${routingKey}'`;
      culprit.fail(operationError(cause, what, { exchange, routingKey }));
    }
    if (this.#outbox.unsettled > 0) void this.#open();
  }

  #scheduleSweep(): () => void {
    const { clock, confirmTimeoutMs } = this.#context;
    const sweep = (): void => {
      this.#cancelSweep = undefined;
      this.#sweep();
      if (this.#outbox.unsettled > 0) this.#cancelSweep = this.#scheduleSweep();
    };
    // After a blocked event loop the confirms that wait to be read have their turn first.
    return clock.after(Math.max(10, confirmTimeoutMs / 20), () => void setImmediate(sweep));
  }

  #sweep(): void {
    const { clock, confirmTimeoutMs, link } = this.#context;
    const late = this.#outbox.overdue(clock.monotonic(), confirmTimeoutMs, this.#lastConfirm);
    if (late.length === 0) return;
    const lateness = {
      seconds: confirmTimeoutMs / 1000,
      blocked: this.#blocked,
      connected: link.model !== undefined,
      cause: link.lastError,
    };
    for (const outgoing of late)
      outgoing.fail(lateError(outgoing, { ...lateness, sent: outgoing.sentAt > 0 }));
  }
}
