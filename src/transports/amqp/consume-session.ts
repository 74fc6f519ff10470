import type { Channel, ConsumeMessage } from 'amqplib';
import { ChurnMap, type Clock, type Logger, messageOf, ToolboxError } from '../../base/index.js';
import type { Delivery, OutgoingMessage, Queue } from '../../messaging/index.js';
import { AckLedger } from './ack-ledger.js';
import { AmqpDelivery, leaseLost, type Settler } from './amqp-delivery.js';
import { closeChannel } from './channel.js';
import { toWireTable } from './wire-table.js';

/** The longest a released message is held back here: it keeps a place of the prefetch meanwhile. */
const MAX_HOLD_SECONDS = 10;

/** Of what was settled when it came. */
const SETTLED: Settler = { ack: async () => {}, reject: async () => {}, release: async () => {} };

export interface SessionContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The broker is told nothing of what becomes of deliveries: they are settled when they come. */
  readonly noAck: boolean;
  readonly onDelivery: (delivery: Delivery) => void;
  /** Sends a copy to the queue that comes after so many seconds. False when the broker cannot keep it. */
  readonly later: (message: OutgoingMessage, queue: string, delaySeconds: number) => Promise<boolean>;
  /** False while paused or stopped: what the broker had sent already goes straight back. */
  readonly isAccepting: () => boolean;
  /** The broker ended one queue's consumer, as it does when the queue is deleted. */
  readonly onCancelled: (queue: string) => void;
  /** The channel is gone, with the broker's reason where it gave one. */
  readonly onClosed: (cause: unknown) => void;
}

/** One channel that consumes, and the deliveries held on it. When the channel goes, they are lost together. */
export class ConsumeSession implements Settler {
  readonly #channel: Channel;
  readonly #context: SessionContext;
  readonly #ledger: AckLedger;
  #held = new ChurnMap<number, AmqpDelivery>();
  readonly #consumers = new Map<string, string>();
  /** Messages on their way to where the broker keeps them. */
  readonly #moves = new Set<Promise<void>>();
  readonly #holds = new Set<() => void>();
  #flushed: Promise<void> | undefined;
  #closed: { readonly cause: unknown } | undefined;
  #onIdle: (() => void) | undefined;

  constructor(channel: Channel, context: SessionContext) {
    this.#channel = channel;
    this.#context = context;
    this.#ledger = new AckLedger({
      ack: (deliveryTag, multiple) => channel.ack({ fields: { deliveryTag } } as ConsumeMessage, multiple),
    });
    let cause: unknown;
    channel.on('error', (error) => {
      cause = error;
    });
    channel.once('close', () => this.#end(cause));
  }

  /** Unsettled deliveries. */
  get held(): number {
    return this.#held.size;
  }

  get ended(): boolean {
    return this.#closed !== undefined;
  }

  isConsuming(queue: string): boolean {
    return this.#consumers.has(queue);
  }

  async consume(queue: Queue): Promise<void> {
    const { name, consumerArguments } = queue;
    const { noAck } = this.#context;
    const { consumerTag } = await this.#channel.consume(
      name,
      (message) => {
        if (message === null) this.#cancelled(name);
        else this.#deliver(message, queue);
      },
      { noAck, ...(consumerArguments && { arguments: toWireTable(consumerArguments) }) },
    );
    this.#consumers.set(name, consumerTag);
  }

  async cancel(queue: string): Promise<void> {
    const tag = this.#consumers.get(queue);
    if (tag === undefined) return;
    await this.#channel.cancel(tag);
    this.#consumers.delete(queue);
  }

  async setPrefetch(count: number, global: boolean): Promise<void> {
    await this.#channel.prefetch(count, global);
  }

  /** Resolves when no delivery is held any more. */
  idle(): Promise<void> {
    if (this.#held.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Sends what is gathered and closes; held deliveries go back to their queues. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#moves);
    this.#flush();
    for (const cancel of this.#holds) cancel();
    await closeChannel(this.#channel);
  }

  ack(delivery: AmqpDelivery): Promise<void> {
    const refusal = this.#take(delivery);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#ledger.ack(delivery.tag);
    return this.#flushSoon();
  }

  reject(delivery: AmqpDelivery): Promise<void> {
    return this.#giveUp(delivery, false);
  }

  /** The copy that waits is confirmed before the message goes: it may come twice, it never comes not at all. */
  async release(delivery: AmqpDelivery, delaySeconds: number): Promise<void> {
    if (!(delaySeconds > 0)) return this.#giveUp(delivery, true);
    const refusal = this.#take(delivery);
    if (refusal !== undefined) throw refusal;
    const move = this.#move(delivery, delaySeconds);
    this.#moves.add(move);
    try {
      await move;
    } finally {
      this.#moves.delete(move);
    }
  }

  async #move(delivery: AmqpDelivery, delaySeconds: number): Promise<void> {
    if (delivery.defect === undefined && (await this.#sentLater(delivery, delaySeconds))) {
      this.#ledger.ack(delivery.tag);
      return this.#flushSoon();
    }
    this.#holdBack(delivery, delaySeconds);
  }

  async #sentLater(delivery: AmqpDelivery, delaySeconds: number): Promise<boolean> {
    try {
      return await this.#context.later(delivery.copy(), delivery.queue, delaySeconds);
    } catch (error) {
      this.#context.logger.warn(
        { queue: delivery.queue, error: messageOf(error) },
        'the broker could not be given a message to keep: it is held here',
      );
      return false;
    }
  }

  /** Held here, in its place of the prefetch, and given back in time. */
  #holdBack({ tag }: AmqpDelivery, delaySeconds: number): void {
    const cancel = this.#context.clock.after(Math.min(delaySeconds, MAX_HOLD_SECONDS) * 1000, () => {
      this.#holds.delete(cancel);
      if (this.#closed === undefined) this.#requeue(tag, true);
    });
    this.#holds.add(cancel);
  }

  #giveUp(delivery: AmqpDelivery, requeue: boolean): Promise<void> {
    const refusal = this.#take(delivery);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#requeue(delivery.tag, requeue);
    return Promise.resolve();
  }

  #requeue(tag: number, requeue: boolean): void {
    this.#ledger.settledAlready(tag);
    try {
      this.#channel.reject({ fields: { deliveryTag: tag } } as ConsumeMessage, requeue);
    } catch (error) {
      this.#context.logger.debug(
        { error: messageOf(error) },
        'the channel closed while a message was given back',
      );
    }
  }

  /** Each delivery is settled once, and only while its channel lives. */
  #take(delivery: AmqpDelivery): Error | undefined {
    if (this.#closed !== undefined) return leaseLost(delivery, this.#closed.cause);
    if (!this.#held.delete(delivery.tag)) {
      return new ToolboxError('STATE_INVALID', `a message of queue ${delivery.queue} was settled already`);
    }
    if (this.#held.size === 0) this.#onIdle?.();
    return undefined;
  }

  /** All acknowledgements of this turn of the event loop share one flush. */
  #flushSoon(): Promise<void> {
    this.#flushed ??= new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        this.#flushed = undefined;
        const failure = this.#flush();
        if (failure === undefined) resolve();
        else reject(failure);
      });
    });
    return this.#flushed;
  }

  #flush(): ToolboxError | undefined {
    let cause = this.#closed?.cause;
    if (this.#closed === undefined) {
      try {
        this.#ledger.flush();
        return undefined;
      } catch (error) {
        // The connection is just being closed.
        cause = error;
      }
    }
    return new ToolboxError('LEASE_LOST', 'the channel was closed before the broker was told', { cause });
  }

  #deliver(message: ConsumeMessage, queue: Queue): void {
    const { noAck, isAccepting, onDelivery } = this.#context;
    if (noAck) this.#hand(new AmqpDelivery(message, queue, SETTLED), onDelivery);
    else if (!isAccepting()) this.#requeue(message.fields.deliveryTag, true);
    else {
      const delivery = new AmqpDelivery(message, queue, this);
      this.#held.set(delivery.tag, delivery);
      this.#hand(delivery, onDelivery);
    }
  }

  #hand(delivery: AmqpDelivery, onDelivery: SessionContext['onDelivery']): void {
    const { queue } = delivery;
    try {
      onDelivery(delivery);
    } catch (error) {
      // Held until settled or until the channel ends: a fault of ours must not end the channel of all.
      this.#context.logger.error({ queue, error: messageOf(error) }, 'the handler of deliveries failed');
    }
  }

  #cancelled(queue: string): void {
    this.#consumers.delete(queue);
    this.#context.onCancelled(queue);
  }

  #end(cause: unknown): void {
    this.#closed = { cause };
    this.#consumers.clear();
    for (const cancel of this.#holds) cancel();
    this.#holds.clear();
    const held = this.#held.values();
    this.#held = new ChurnMap();
    for (const delivery of held) delivery.lose(cause);
    this.#onIdle?.();
    this.#context.onClosed(cause);
  }
}
