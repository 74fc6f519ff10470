import type { Channel, ChannelModel } from 'amqplib';
import type { Exchange, Queue } from '../../messaging/index.js';
import { operationError } from './broker-errors.js';
import { withChannel } from './channel.js';
import { toWireTable } from './wire-table.js';

/**
 * Declares exchanges, queues and bindings with the flags and arguments kombu gives them, so that either side may be
 * first. `shared` leaves out exclusive queues, which would belong to this connection alone. Throws BROKER_REFUSED naming the
 * queue and the argument that differs.
 */
export async function declareQueues(
  model: ChannelModel,
  queues: readonly Queue[],
  which: 'all' | 'shared' = 'all',
): Promise<void> {
  if (queues.length === 0) return;
  let current = queues[0]?.name ?? '';
  try {
    await withChannel(model, async (channel) => {
      const exchanges = new Set<string>();
      for (const queue of queues) {
        current = queue.name;
        if (!exchanges.has(queue.exchange.name)) await declareExchange(channel, queue.exchange);
        exchanges.add(queue.exchange.name);
        if (which === 'all' || !queue.exclusive) await declareQueue(channel, queue);
      }
    });
  } catch (error) {
    throw operationError(error, `declaring queue ${current}`, { queue: current });
  }
}

/** Throws BROKER_REFUSED when one is there with another type or durability. */
export async function declareExchanges(model: ChannelModel, exchanges: readonly Exchange[]): Promise<void> {
  if (exchanges.length === 0) return;
  await withChannel(model, async (channel) => {
    for (const exchange of exchanges) await declareExchange(channel, exchange);
  });
}

/** The anonymous exchange and the broker's own need no declaration. */
const isBuiltIn = (name: string): boolean => name === '' || name.startsWith('amq.');

async function declareExchange(channel: Channel, exchange: Exchange): Promise<void> {
  if (isBuiltIn(exchange.name)) return;
  await channel.assertExchange(exchange.name, exchange.type, { durable: exchange.durable ?? true });
}

async function declareQueue(channel: Channel, queue: Queue): Promise<void> {
  await channel.assertQueue(queue.name, {
    durable: queue.durable ?? true,
    autoDelete: queue.autoDelete ?? false,
    exclusive: queue.exclusive ?? false,
    arguments: toWireTable(queue.arguments ?? {}),
  });
  // Every queue is bound to the anonymous exchange by itself.
  if (queue.exchange.name !== '')
    await channel.bindQueue(queue.name, queue.exchange.name, queue.routingKey, {});
}
