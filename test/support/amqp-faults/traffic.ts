import { performance } from 'node:perf_hooks';
import {
  directQueue,
  type OutgoingMessage,
  type Queue,
  type Transport,
} from '../../../src/messaging/index.js';
import { createAmqpTransport } from '../../../src/transports/amqp/index.js';
import { amqpContext } from '../rabbitmq.js';

/** Messages sent and received while something goes wrong, and what has become of them. */
export class Traffic {
  readonly queue: Queue;
  readonly producer: Transport;
  readonly consumer: Transport;
  /** Ids whose publish the broker confirmed, and those received, as often as they came. */
  readonly accepted = new Set<string>();
  readonly received = new Map<string, number>();
  readonly refused: unknown[] = [];
  /** When consuming was interrupted and when it went on, monotonic milliseconds. */
  readonly downs: number[] = [];
  readonly ups: number[] = [];
  #next = 0;
  #changed = (): void => {};

  private constructor(producer: Transport, consumer: Transport, queue: Queue) {
    this.producer = producer;
    this.consumer = consumer;
    this.queue = queue;
  }

  /** Producer and consumer may take different ways to the broker. */
  static async start(
    urls: { readonly producer: string; readonly consumer: string },
    queue: Queue = directQueue('traffic'),
    options: Record<string, unknown> = {},
  ): Promise<Traffic> {
    const made = await Promise.all(
      [urls.producer, urls.consumer].map((url) => createAmqpTransport(amqpContext(url, options))),
    );
    const traffic = new Traffic(made[0] as Transport, made[1] as Transport, queue);
    await traffic.producer.declare([queue]);
    await traffic.consumer.consume({
      queues: [queue],
      prefetch: 100,
      onDelivery: (delivery) => {
        const id = String(delivery.headers.id);
        traffic.received.set(id, (traffic.received.get(id) ?? 0) + 1);
        traffic.#changed();
        delivery.ack().catch(() => {});
      },
      onConnection: ({ kind }) => {
        (kind === 'down' ? traffic.downs : traffic.ups).push(performance.now());
        traffic.#changed();
      },
    });
    return traffic;
  }

  /** Resolves when each is confirmed or refused. */
  async publish(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.publishOne()));
  }

  async publishOne(): Promise<void> {
    const id = `m${(this.#next += 1)}`;
    try {
      await this.producer.publish(messageOf(id), { exchange: '', routingKey: this.queue.name });
      this.accepted.add(id);
    } catch (error) {
      this.refused.push(error);
    }
  }

  /** Resolves when everything accepted has come; the test's own limit ends the wait. */
  drained(): Promise<void> {
    return this.#until(() => this.lost === 0);
  }

  /** Resolves when consuming has been interrupted. */
  interrupted(): Promise<void> {
    return this.#until(() => this.downs.length > 0);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** Accepted and not received. */
  get lost(): number {
    return [...this.accepted].filter((id) => !this.received.has(id)).length;
  }

  /** Receipts beyond the first. */
  get duplicates(): number {
    return [...this.received.values()].reduce((sum, times) => sum + times - 1, 0);
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.close(), this.consumer.close()]);
  }
}

export const messageOf = (id: string): OutgoingMessage => ({
  body: Buffer.from('[[],{},{}]'),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id, task: 'fault.case' },
  properties: { correlation_id: id },
});
