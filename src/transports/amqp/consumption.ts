import type { Channel, ChannelModel } from 'amqplib';
import { backoffMs, type Clock, type Logger, messageOf } from '../../base/index.js';
import type { ConsumeOptions, Consumption, Queue } from '../../messaging/index.js';
import { brokerText, operationError, replyCode } from './broker-errors.js';
import { openChannel, withChannel } from './channel.js';
import { ConsumeSession, type SessionContext } from './consume-session.js';
import { declareQueues } from './declare.js';
import type { Link } from './link.js';

/** What the transport uses where the caller sets no limit: enough to keep the line busy, little enough to hold. */
const OWN_PREFETCH = 1_000;
const MAX_PREFETCH = 65_535;
const MAX_PAUSE_MS = 4_000;

export interface ConsumptionContext {
  readonly link: Link;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly detectQuorumQueues: boolean;
  readonly later: SessionContext['later'];
}

/**
 * Consumes some queues on one channel and keeps doing so. Whatever happens (connection lost, channel closed, queue
 * deleted, paused, stopped) only marks what is out of step; one reconciling loop at a time then makes it so. A queue
 * that cannot be consumed is tried again while the others go on.
 */
export class AmqpConsumption implements Consumption {
  readonly #context: ConsumptionContext;
  readonly #options: ConsumeOptions;
  readonly #unlisten: () => void;
  #session: ConsumeSession | undefined;
  #prefetch: number;
  /** Per channel; quorum queues take only a limit per consumer, fixed when it starts. */
  #globalPrefetch: boolean;
  /** A limit per consumer takes effect with the next consumer. */
  #prefetchChanged = false;
  #started = false;
  #paused = false;
  #stopped = false;
  #down = false;
  #running: Promise<void> | undefined;
  #again = false;
  #failures = 0;
  readonly #refused = new Set<string>();
  #cancelRetry: (() => void) | undefined;

  constructor(context: ConsumptionContext, options: ConsumeOptions) {
    this.#context = context;
    this.#options = options;
    this.#prefetch = limitOf(options.prefetch);
    this.#globalPrefetch = !(context.detectQuorumQueues && options.queues.some(isQuorum));
    this.#unlisten = context.link.listen({
      up: () => this.#reconcileSoon(),
      down: (cause) => this.#interrupted(cause),
    });
  }

  get lastPoll(): number {
    return this.#context.link.lastSeen;
  }

  /** The first start must succeed as a whole: what it throws is a mistake in the configuration. */
  async start(): Promise<void> {
    try {
      const model = await this.#context.link.open();
      await declareQueues(model, this.#options.queues);
      this.#session = await this.#openSession(model);
      for (const queue of this.#options.queues) await this.#consume(this.#session, queue);
      this.#started = true;
      // What happened meanwhile was not acted upon.
      this.#reconcileSoon();
    } catch (error) {
      await this.stop();
      throw operationError(error, `consuming ${this.#options.queues.map(({ name }) => name).join(', ')}`);
    }
  }

  setPrefetch(count: number): void {
    this.#prefetch = limitOf(count);
    if (!this.#globalPrefetch) {
      this.#prefetchChanged = true;
      return this.#reconcileSoon();
    }
    this.#session?.setPrefetch(this.#prefetch, true).catch(() => {
      // The channel is gone; the next one starts with this limit.
    });
  }

  pause(): void {
    this.#paused = true;
    this.#reconcileSoon();
  }

  resume(): void {
    this.#paused = false;
    this.#reconcileSoon();
  }

  async stop(): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = true;
      this.#unlisten();
      this.#cancelRetry?.();
      this.#reconcileSoon();
    }
    await this.#running;
    const session = this.#session;
    // Held deliveries stay valid; the channel goes when the last is settled.
    if (session !== undefined) void session.idle().then(() => session.close());
  }

  /** Ends also what is held: the transport closes. */
  async close(): Promise<void> {
    await this.stop();
    await this.#session?.close();
  }

  get #isWanted(): boolean {
    return !this.#paused && !this.#stopped;
  }

  #reconcileSoon(): void {
    this.#again = true;
    this.#running ??= this.#reconcile().finally(() => {
      this.#running = undefined;
      if (this.#again) this.#reconcileSoon();
    });
  }

  async #reconcile(): Promise<void> {
    // Started in the same turn as the event that caused it; what else happens in this turn is seen as well.
    await Promise.resolve();
    while (this.#again) {
      this.#again = false;
      const model = this.#context.link.model;
      if (model === undefined || !this.#started) return;
      try {
        await this.#step(model);
      } catch (error) {
        this.#context.logger.warn({ error: messageOf(error) }, 'consuming is interrupted; trying again');
        this.#retryLater();
      }
    }
  }

  async #step(model: ChannelModel): Promise<void> {
    const wanted = this.#isWanted;
    if (this.#session === undefined || this.#session.ended) {
      if (this.#stopped) return;
      this.#session = await this.#openSession(model);
    }
    const session = this.#session;
    if (this.#prefetchChanged) await this.#renewConsumers(session);
    let failed = false;
    for (const queue of this.#options.queues) {
      if (!wanted) await session.cancel(queue.name);
      else if (!session.isConsuming(queue.name))
        failed = !(await this.#resume(model, session, queue)) || failed;
    }
    if (failed) this.#retryLater();
    else this.#recovered();
  }

  /** Ends the consumers, whose limit is fixed; held deliveries stay with the channel, on which they begin anew. */
  async #renewConsumers(session: ConsumeSession): Promise<void> {
    this.#prefetchChanged = false;
    for (const { name } of this.#options.queues) await session.cancel(name);
    await session.setPrefetch(this.#prefetch, false);
  }

  /** Declares and consumes one queue again. False when the broker refuses, which concerns this queue alone. */
  async #resume(model: ChannelModel, session: ConsumeSession, queue: Queue): Promise<boolean> {
    try {
      await declareQueues(model, [queue]);
    } catch (error) {
      if (replyCode((error as Error).cause) === undefined) throw error;
      this.#context.logger.error(
        { queue: queue.name, error: messageOf(error) },
        'a queue cannot be consumed',
      );
      return false;
    }
    try {
      if (this.#refused.has(queue.name)) await withChannel(model, (channel) => probe(channel, queue.name));
    } catch (error) {
      if (replyCode(error) === undefined) throw error;
      return false;
    }
    await this.#consume(session, queue);
    this.#refused.delete(queue.name);
    return true;
  }

  async #consume(session: ConsumeSession, queue: Queue): Promise<void> {
    try {
      await session.consume(queue);
    } catch (error) {
      // A queue may be a quorum queue by the broker's policy: then the limit must be one per consumer.
      if (!this.#globalPrefetch || !brokerText(error).includes('global qos')) {
        if (replyCode(error) !== undefined) this.#refuse(queue.name, error);
        throw error;
      }
      this.#globalPrefetch = false;
      const model = await this.#context.link.open();
      this.#session = await this.#openSession(model);
      for (const one of this.#options.queues) await this.#session.consume(one);
    }
  }

  /** The refusal has ended the channel of all queues: from now on this one is tried on a channel of its own first. */
  #refuse(queue: string, error: unknown): void {
    this.#refused.add(queue);
    this.#context.logger.error({ queue, error: brokerText(error) }, 'a queue cannot be consumed');
  }

  async #openSession(model: ChannelModel): Promise<ConsumeSession> {
    const { clock, logger, later } = this.#context;
    const channel = await openChannel(model);
    const session: ConsumeSession = new ConsumeSession(channel, {
      clock,
      logger,
      later,
      noAck: this.#options.noAck ?? false,
      onDelivery: this.#options.onDelivery,
      isAccepting: () => this.#isWanted,
      onCancelled: (queue) => {
        logger.warn(
          { queue },
          'the broker ended the consumer of a queue, as it does when the queue is deleted',
        );
        this.#reconcileSoon();
      },
      onClosed: (cause) => {
        if (session !== this.#session) return;
        // Without a cause the connection is gone, and the link tells.
        if (cause === undefined) return;
        this.#interrupted(cause);
        this.#retryLater();
      },
    });
    this.#prefetchChanged = false;
    await session.setPrefetch(this.#prefetch, this.#globalPrefetch);
    return session;
  }

  #interrupted(cause: unknown): void {
    if (this.#down || this.#stopped) return;
    this.#down = true;
    this.#options.onConnection?.({ kind: 'down', cause });
  }

  #recovered(): void {
    this.#failures = 0;
    if (!this.#down || this.#stopped) return;
    this.#down = false;
    this.#options.onConnection?.({ kind: 'up' });
  }

  #retryLater(): void {
    if (this.#stopped) return;
    this.#cancelRetry?.();
    const pauseMs = backoffMs(this.#failures, { maxMs: MAX_PAUSE_MS });
    this.#failures += 1;
    this.#cancelRetry = this.#context.clock.after(pauseMs, () => this.#reconcileSoon());
  }
}

/** Asks for one message at most, which goes back when the channel is closed. */
async function probe(channel: Channel, queue: string): Promise<void> {
  await channel.prefetch(1, false);
  await channel.consume(queue, () => {});
}

const isQuorum = (queue: Queue): boolean => queue.arguments?.['x-queue-type'] === 'quorum';

const limitOf = (count: number): number => (count <= 0 ? OWN_PREFETCH : Math.min(count, MAX_PREFETCH));
