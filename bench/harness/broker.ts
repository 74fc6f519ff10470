import { randomUUID } from 'node:crypto';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

/** A virtual host of its own on the RabbitMQ under test, and the harness' hands in it. */
export class Broker {
  readonly url: string;
  readonly #remove: () => Promise<void>;
  readonly #model: ChannelModel;
  readonly #channel: ConfirmChannel;

  constructor(url: string, remove: () => Promise<void>, model: ChannelModel, channel: ConfirmChannel) {
    this.url = url;
    this.#remove = remove;
    this.#model = model;
    this.#channel = channel;
  }

  /** `amqpUrl` names the node and a user who may make virtual hosts through the management API at `apiUrl`. */
  static async create(amqpUrl: string, apiUrl: string): Promise<Broker> {
    const node = new URL(amqpUrl);
    const name = `bench-${randomUUID().slice(0, 8)}`;
    const user = decodeURIComponent(node.username);
    const authorization = `Basic ${btoa(`${user}:${decodeURIComponent(node.password)}`)}`;
    const api = async (method: string, path: string, body?: unknown): Promise<void> => {
      const response = await fetch(new URL(path, apiUrl), {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    };
    await api('PUT', `/api/vhosts/${name}`);
    await api('PUT', `/api/permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
    node.pathname = `/${name}`;
    const model = await connect(node.href, { noDelay: true });
    const remove = (): Promise<void> => api('DELETE', `/api/vhosts/${name}`);
    return new Broker(node.href, remove, model, await model.createConfirmChannel());
  }

  /** An empty durable queue on a direct exchange of its own, as Celery declares it. */
  async freshQueue(name: string): Promise<void> {
    await this.#channel.deleteQueue(name);
    await this.#channel.assertExchange(name, 'direct');
    await this.#channel.assertQueue(name);
    await this.#channel.bindQueue(name, name, name);
  }

  /** Puts `count` messages into a queue. */
  async fill(queue: string, count: number, make: (n: number) => FillMessage): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const { body, headers, correlationId } = make(n);
      const properties = {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        deliveryMode: 2,
        priority: 0,
      };
      this.#channel.sendToQueue(queue, body, { ...properties, headers, correlationId });
      if (n % 1_000 === 999) await this.#channel.waitForConfirms();
    }
    await this.#channel.waitForConfirms();
  }

  async depth(queue: string): Promise<number> {
    return (await this.#channel.checkQueue(queue)).messageCount;
  }

  async consumers(queue: string): Promise<number> {
    return (await this.#channel.checkQueue(queue)).consumerCount;
  }

  async close(): Promise<void> {
    await this.#model.close();
    await this.#remove();
  }
}

export interface FillMessage {
  readonly body: Buffer;
  readonly headers: Record<string, unknown>;
  readonly correlationId: string;
}
