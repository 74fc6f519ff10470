import { messageOf, newId } from '../../base/index.js';
import type { Delivery, Exchange, Queue, Transport } from '../../messaging/index.js';
import type { Bus, BusContext, EventBatch, ReplyBox, Subscription } from '../bus.js';
import {
  type ControlRequest,
  isRecord,
  type ReceivedReply,
  type ReceivedRequest,
  type ReplyAddress,
  readRequest,
  textOf,
} from '../control-request.js';
import {
  commandExchange,
  commandQueue,
  eventExchange,
  eventQueue,
  replyExchange,
  replyQueue,
} from './entities.js';

export interface PidboxBusOptions extends Omit<BusContext, 'url' | 'clock'> {
  readonly transport: Transport;
}

interface Sending {
  readonly exchange: Exchange;
  readonly routingKey: string;
  readonly serializer: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Milliseconds a publish may wait for a broker that is away: what it says is old by then. */
const PUBLISH_DEADLINE_MS = 5_000;

/** Remote control and events as kombu and Celery do them, over a transport that can broadcast. */
export class PidboxBus implements Bus {
  readonly #options: PidboxBusOptions;
  readonly #declared = new Map<string, Promise<void>>();
  readonly #open = new Set<Subscription>();

  constructor(options: PidboxBusOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.#options.transport.url;
  }

  serve(node: string, onRequest: (request: ReceivedRequest) => void): Promise<Subscription> {
    const { settings } = this.#options;
    return this.#listen(commandQueue(node, settings), settings.accept_content, (body, { headers }) => {
      const request = readRequest(body, { clock: headers.clock, sender: headers.origin });
      if (request !== undefined) onRequest(request);
    });
  }

  async remembered(): Promise<readonly ReceivedRequest[]> {
    return [];
  }

  async send(
    request: ControlRequest,
    { clock, ttlSeconds }: { readonly clock: number; readonly ttlSeconds: number },
  ): Promise<void> {
    const { settings, origin } = this.#options;
    const { ticket, reply_to, ...rest } = request;
    const body = ticket === null || reply_to === null ? rest : { ...rest, ticket, reply_to };
    await this.#publish(body, {
      exchange: commandExchange(settings),
      routingKey: '',
      serializer: settings.task_serializer,
      headers: { clock, expires: ttlSeconds > 0 ? Date.now() / 1000 + ttlSeconds : 0, origin },
    });
  }

  async openReplies(onReply: (reply: ReceivedReply) => void): Promise<ReplyBox> {
    const { settings } = this.#options;
    const id = newId();
    const queue = replyQueue(id, settings);
    const subscription = await this.#listen(queue, settings.accept_content, (body, { headers }) => {
      if (!isRecord(body)) return;
      onReply({ body, ticket: textOf(headers.ticket), clock: Number(headers.clock) || 0 });
    });
    return { address: { exchange: queue.exchange.name, routing_key: id }, close: () => subscription.close() };
  }

  async reply(
    { exchange, routing_key }: ReplyAddress,
    { body, ticket, clock }: ReceivedReply,
  ): Promise<void> {
    await this.#publish(body, {
      exchange: replyExchange(exchange),
      routingKey: routing_key,
      serializer: this.#options.settings.task_serializer,
      headers: { ticket, clock },
    });
  }

  async publish({ events, hostname, routingKey }: EventBatch): Promise<void> {
    const { settings, transport } = this.#options;
    await this.#publish(events, {
      exchange: eventExchange(settings, transport.capabilities),
      routingKey,
      serializer: settings.event_serializer,
      headers: { hostname },
    });
  }

  subscribe(pattern: string, onEvents: (events: readonly unknown[]) => void): Promise<Subscription> {
    const { settings, transport } = this.#options;
    const queue = eventQueue(newId(), pattern, settings, transport.capabilities);
    const { event_serializer: serializer } = settings;
    return this.#listen(queue, serializer === 'auth' ? [serializer] : [serializer, 'json'], (body) =>
      onEvents(Array.isArray(body) ? body : [body]),
    );
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#open].map((one) => one.close()));
  }

  async #listen(
    queue: Queue,
    accept: readonly string[],
    onMessage: (body: unknown, delivery: Delivery) => void,
  ): Promise<Subscription> {
    const { transport, serializers, logger } = this.#options;
    const consumption = await transport.consume({
      queues: [queue],
      prefetch: 0,
      noAck: true,
      onDelivery: (delivery) => {
        void (async () => {
          try {
            onMessage(await serializers.decodeMessage(delivery, { accept }), delivery);
          } catch (error) {
            logger.warn({ queue: queue.name, error: messageOf(error) }, 'a broadcast message cannot be read');
          }
        })();
      },
    });
    const subscription: Subscription = {
      close: async () => {
        this.#open.delete(subscription);
        await consumption.stop();
      },
    };
    this.#open.add(subscription);
    return subscription;
  }

  async #publish(value: unknown, { exchange, routingKey, serializer, headers }: Sending): Promise<void> {
    const { transport, serializers } = this.#options;
    await this.#declare(exchange);
    const { body, contentType, contentEncoding } = await serializers.encode(serializer, value);
    await transport.publish(
      { body, contentType, contentEncoding, headers, properties: { delivery_mode: 1 } },
      {
        exchange: exchange.name,
        routingKey,
        mandatory: false,
        signal: AbortSignal.timeout(PUBLISH_DEADLINE_MS),
      },
    );
  }

  #declare(exchange: Exchange): Promise<void> {
    const declared = this.#declared.get(exchange.name) ?? this.#options.transport.declareExchange(exchange);
    this.#declared.set(exchange.name, declared);
    declared.catch(() => this.#declared.delete(exchange.name));
    return declared;
  }
}
