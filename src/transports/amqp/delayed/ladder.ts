import type { Channel, ChannelModel } from 'amqplib';
import type { Queue } from '../../../messaging/index.js';
import { withChannel } from '../channel.js';
import { arrivalPattern, DELIVERY_EXCHANGE, levelName, queueKey, TOP_LEVEL } from './delay-key.js';

export type LadderQueueType = 'quorum' | 'classic';

/**
 * Declares the levels with the names, arguments and bindings that Celery 5.5 and later give them: either side may be first.
 * A message waits in the level of each bit that is set, from the top, and falls past the others.
 */
export async function declareLadder(model: ChannelModel, queueType: LadderQueueType): Promise<void> {
  await withChannel(model, async (channel) => {
    await channel.assertExchange(DELIVERY_EXCHANGE, 'topic', { durable: true });
    for (let level = 0; level <= TOP_LEVEL; level += 1) await declareLevel(channel, level, queueType);
  });
}

async function declareLevel(channel: Channel, level: number, queueType: LadderQueueType): Promise<void> {
  const name = levelName(level);
  const next = level === 0 ? DELIVERY_EXCHANGE : levelName(level - 1);
  const skipped = '*.'.repeat(TOP_LEVEL - level);
  await channel.assertExchange(name, 'topic', { durable: true });
  await channel.assertQueue(name, {
    durable: true,
    arguments: {
      'x-queue-type': queueType,
      'x-overflow': 'reject-publish',
      'x-message-ttl': 2 ** level * 1000,
      'x-dead-letter-exchange': next,
      ...(queueType === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once' }),
    },
  });
  await channel.bindQueue(name, name, `${skipped}1.#`);
  await channel.bindExchange(next, name, `${skipped}0.#`);
}

/** Lets messages meant for that queue alone arrive in it. */
export async function bindQueue(model: ChannelModel, queue: string): Promise<void> {
  const key = queueKey(queue);
  if (key === undefined) return;
  await withChannel(model, (channel) => channel.bindQueue(queue, DELIVERY_EXCHANGE, arrivalPattern(key)));
}

/** Lets messages that wait under their own key, as Celery's producers send them, arrive at the queue's exchange and in it. */
export async function bindAsCelery(
  model: ChannelModel,
  { name, exchange, routingKey }: Queue,
): Promise<void> {
  const pattern = arrivalPattern(routingKey);
  await withChannel(model, async (channel) => {
    await channel.bindExchange(exchange.name, DELIVERY_EXCHANGE, pattern);
    await channel.bindQueue(name, exchange.name, pattern);
  });
}
