import type { Channel, ChannelModel } from 'amqplib';
import type { Exchange, Queue } from '../../messaging/index.js';
import { operationError } from './broker-errors.js';
import { withChannel } from './channel.js';
import { toWireTable } from './wire-table.js';

/**
 * Declares exchanges, queues and bindings with the flags and arguments kombu gives them, so that either side may be
 * first. Throws BROKER_REFUSED naming the queue and the argument that differs.
 */
export async function declareQueues(model: ChannelModel, queues: readonly Queue[]): Promise<void> {
  if (queues.length === 0) return;
  let current = queues[0]?.name ?? '';
  try {
    await withChannel(model, async (channel) => {
      const exchanges = new Set<string>();
      for (const queue of queues) {
        current = queue.name;
        if (!exchanges.has(queue.exchange.name)) await declareExchange(channel, queue.exchange);
        exchanges.add(queue.exchange.name);
        await declareQueue(channel, queue);
      }
    });
  } catch (error) {
    throw operationError(error, `declaring queue ${current}`, { queue: current });
  }
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
    exclusive: false,
    arguments: toWireTable(queue.arguments ?? {}),
  });
  // Every queue is bound to the anonymous exchange by itself.
  if (queue.exchange.name !== '')
    await channel.bindQueue(queue.name, queue.exchange.name, queue.routingKey, {});
}
