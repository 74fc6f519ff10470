import type { ChannelModel } from 'amqplib';
import { hasCode, messageOf, ToolboxError } from '../../base/index.js';
import type {
  ConsumeOptions,
  Consumption,
  Delivery,
  Exchange,
  OutgoingMessage,
  PublishOptions,
  Queue,
  QueueCounts,
  Transport,
  TransportCapabilities,
  TransportContext,
  TransportFactory,
} from '../../messaging/index.js';
import { type AmqpOptions, readAmqpOptions } from './amqp-options.js';
import { operationError, replyCode } from './broker-errors.js';
import { type BrokerAddress, parseBrokerUrl } from './broker-url.js';
import { withChannel } from './channel.js';
import { AmqpConsumption } from './consumption.js';
import { declareExchanges, declareQueues } from './declare.js';
import { DelayedDelivery } from './delayed/delayed-delivery.js';
import { createDial } from './dial.js';
import { type AmqpDriver, loadDriver } from './driver.js';
import { Heartbeats } from './heartbeats/index.js';
import { KnownTopology } from './known-topology.js';
import { Link } from './link.js';
import { onlyTapsError } from './publish-errors.js';
import { Publisher } from './publisher.js';

const CAPABILITIES: Omit<TransportCapabilities, 'maxDelaySeconds' | 'maxParkSeconds' | 'minDelaySeconds'> = {
  fanOut: 'atomic',
  leased: false,
  priorities: true,
  broadcast: true,
  eventExchangeType: 'topic',
  // RabbitMQ's max_message_size is not told to clients; a message beyond it is refused with BUDGET_EXCEEDED.
  maxMessageBytes: Number.POSITIVE_INFINITY,
};

/**
 * RabbitMQ (AMQP 0-9-1): `amqp://`, `pyamqp://`, `amqps://`. Publishing and consuming have a connection each, because
 * the broker stops reading from connections that publish when it runs short of memory, acknowledgements included.
 */
export const createAmqpTransport: TransportFactory = async (context) => {
  const addresses = parseBrokerUrl(context.url);
  const options = readAmqpOptions(context.options, { ...context.connection, ...addresses[0].query });
  return new AmqpTransport(context, addresses, options, await loadDriver());
};

class AmqpTransport implements Transport {
  readonly url: string;
  readonly whenSilent: string;
  readonly #context: TransportContext;
  readonly #patienceMs: number;
  readonly #detectQuorumQueues: boolean;
  readonly #heartbeats: Heartbeats;
  readonly #publishing: Link;
  readonly #consuming: Link;
  readonly #publisher: Publisher;
  readonly #known = new KnownTopology();
  readonly #delayed: DelayedDelivery;
  readonly #prepared = new WeakSet<ChannelModel>();
  readonly #consumptions = new Set<AmqpConsumption>();

  constructor(
    context: TransportContext,
    addresses: readonly [BrokerAddress, ...BrokerAddress[]],
    options: AmqpOptions,
    driver: AmqpDriver,
  ) {
    const { clock, logger } = context;
    const heartbeats = new Heartbeats(clock, logger);
    this.#heartbeats = heartbeats;
    const link = (name: string): Link =>
      new Link({
        dial: createDial({ driver, addresses, options, logger, name }),
        clock,
        logger,
        heartbeatSeconds: options.heartbeatSeconds,
        heartbeats,
      });
    this.#context = context;
    this.#patienceMs = options.confirmTimeoutMs;
    this.#detectQuorumQueues = options.detectQuorumQueues;
    this.whenSilent =
      options.tls || addresses.some(({ tls }) => tls)
        ? 'the broker closes its connections after two missed heartbeats and gives its messages to other workers, since over TLS no thread can send them'
        : 'a thread sends its heartbeats meanwhile';
    this.url = addresses.map(({ shown }) => shown).join(';');
    this.#publishing = link('publish');
    this.#consuming = link('consume');
    this.#publisher = new Publisher({
      link: this.#publishing,
      clock,
      logger,
      confirmTimeoutMs: options.confirmTimeoutMs,
      maxUnconfirmed: options.maxUnconfirmed,
      prepare: (model) => this.#prepare(model),
      missedExchange: (name) => this.#known.missedExchange(name),
    });
    this.#delayed = new DelayedDelivery({
      known: this.#known,
      queueType: options.delayedQueueType,
      logger,
      administer: (what, operation) => this.#administer(what, operation),
      publish: (message, to) => this.#publisher.publish(message, to),
    });
  }

  get capabilities(): TransportCapabilities {
    const { maxDelaySeconds, minDelaySeconds } = this.#delayed;
    return { ...CAPABILITIES, maxDelaySeconds, maxParkSeconds: maxDelaySeconds, minDelaySeconds };
  }

  async connect(signal?: AbortSignal): Promise<void> {
    await untilAborted(this.#publishing.open(), signal);
  }

  async declare(queues: readonly Queue[]): Promise<void> {
    await this.#administer('declaring queues', (model) => declareQueues(model, queues, 'shared'));
    this.#known.remember(queues);
  }

  async declareExchange(exchange: Exchange): Promise<void> {
    const { name } = exchange;
    await this.#administer(`declaring exchange ${name}`, (model) => declareExchanges(model, [exchange]), {
      exchange: name,
    });
    this.#known.rememberExchange(exchange);
  }

  publish(message: OutgoingMessage, options: PublishOptions): Promise<void> {
    if (this.#known.onlyTapsTake(options.exchange, options.routingKey)) {
      return Promise.reject(onlyTapsError(options));
    }
    if (message.delaySeconds !== undefined) return this.#publishLater(message, options);
    return this.#publishNow(message, options);
  }

  #publishNow(message: OutgoingMessage, options: PublishOptions): Promise<void> {
    if (this.#known.hasExchange(options.exchange)) return this.#publisher.publish(message, options);
    return this.#publishToUnknown(message, options);
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    const { clock, logger } = this.#context;
    const context = {
      link: this.#consuming,
      clock,
      logger,
      detectQuorumQueues: this.#detectQuorumQueues,
      later: this.#delayed.again.bind(this.#delayed),
    };
    // With the first message: a consumer that gets none needs no thread.
    const onDelivery = (delivery: Delivery): void => {
      this.#heartbeats.start();
      options.onDelivery(delivery);
    };
    const consumption = new AmqpConsumption(
      context,
      options.mayBlock === true ? { ...options, onDelivery } : options,
    );
    this.#consumptions.add(consumption);
    try {
      await consumption.start();
    } catch (error) {
      this.#consumptions.delete(consumption);
      throw error;
    }
    this.#known.remember(options.queues);
    if (!options.noAck) await this.#delayed.attend(options.queues);
    return consumption;
  }

  async size(queue: string): Promise<number> {
    return (await this.count(queue)).waiting;
  }

  async count(queue: string): Promise<QueueCounts> {
    const { messageCount, consumerCount } = await this.#administer(
      `asking for queue ${queue}`,
      (model) => withChannel(model, (channel) => channel.checkQueue(queue)),
      { queue },
    );
    return { waiting: messageCount, held: null, delayed: null, consumers: consumerCount };
  }

  async purge(queue: string): Promise<number> {
    const { messageCount } = await this.#administer(
      `purging queue ${queue}`,
      (model) => withChannel(model, (channel) => channel.purgeQueue(queue)),
      { queue },
    );
    return messageCount;
  }

  async deleteQueue(queue: string): Promise<void> {
    this.#known.forgetQueue(queue);
    await this.#administer(
      `deleting queue ${queue}`,
      (model) => withChannel(model, (channel) => channel.deleteQueue(queue)),
      { queue },
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumptions].map((consumption) => consumption.close()));
    await this.#publisher.close();
    await Promise.all([this.#publishing.close(), this.#consuming.close()]);
    await this.#heartbeats.close();
  }

  async #publishLater(message: OutgoingMessage, options: PublishOptions): Promise<void> {
    if (!(await this.#delayed.publish(message, options))) await this.#publishNow(message, options);
  }

  /** An exchange nobody here declared: asked for once, because publishing to a missing one costs the channel. */
  async #publishToUnknown(message: OutgoingMessage, options: PublishOptions): Promise<void> {
    const { exchange } = options;
    await untilAborted(
      this.#administer(
        `publishing to exchange '${exchange}'`,
        (model) => withChannel(model, (channel) => channel.checkExchange(exchange)),
        { exchange },
      ),
      options.signal,
    );
    this.#known.sawExchange(exchange);
    await this.#publisher.publish(message, options);
  }

  /** Repeats a harmless operation when the connection is lost under it. */
  async #administer<T>(
    what: string,
    operation: (model: ChannelModel) => Promise<T>,
    fields: Record<string, unknown> = {},
  ): Promise<T> {
    for (;;) {
      const model = await this.#connected(what, fields);
      try {
        return await operation(model);
      } catch (error) {
        const cause = error instanceof ToolboxError ? error.cause : error;
        if (replyCode(cause) !== undefined || this.#publishing.model === model) {
          throw operationError(error, what, fields);
        }
      }
    }
  }

  /** The open connection; a lost one is waited for as long as a publish would. */
  async #connected(what: string, fields: Record<string, unknown>): Promise<ChannelModel> {
    const { clock } = this.#context;
    const over = new AbortController();
    const late = clock.sleep(this.#patienceMs, over.signal).then(() => {
      throw operationError(this.#publishing.lastError, what, fields);
    });
    late.catch(() => {});
    try {
      return await Promise.race([this.#publishing.open(), late]);
    } finally {
      over.abort();
    }
  }

  /** A broker that was restarted has forgotten what was not durable; a new one has nothing. */
  async #prepare(model: ChannelModel): Promise<void> {
    if (this.#prepared.has(model)) return;
    await declareExchanges(model, this.#known.exchanges());
    for (const queue of this.#known.lasting()) {
      try {
        await declareQueues(model, [queue], 'shared');
      } catch (error) {
        if (!hasCode(error, 'BROKER_REFUSED')) throw error;
        this.#context.logger.error(
          { queue: queue.name, error: messageOf(error) },
          'a queue cannot be declared again',
        );
      }
    }
    this.#prepared.add(model);
    // Another broker of the failover list may have none of it yet.
    this.#delayed.attend(this.#known.lasting()).catch((error: unknown) => {
      this.#context.logger.warn({ error: messageOf(error) }, 'delayed delivery could not be prepared again');
    });
  }
}

/** The wait ends with the signal; what is waited for goes on. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () =>
      reject(new ToolboxError('ABORTED', 'the wait for the broker was given up', { cause: signal.reason }));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
