import type { TaskMessage, TaskRequest } from '../../app/index.js';
import type { DeliveryInfo } from '../../messaging/index.js';

/** The request as tasks and signals see it: the message, with its callbacks where they can be taken over. */
export function requestOf(message: TaskMessage, info: DeliveryInfo): TaskRequest {
  const { embed, ...rest } = message;
  return {
    ...rest,
    callbacks: embed.callbacks,
    errbacks: embed.errbacks,
    chain: embed.chain,
    chord: embed.chord,
    deliveryInfo: deliveryInfo(info),
  };
}

/** Celery's `delivery_info`. */
export const deliveryInfo = (info: DeliveryInfo): TaskRequest['deliveryInfo'] => ({
  exchange: info.exchange,
  routing_key: info.routingKey,
  priority: info.priority,
  redelivered: info.redelivered,
});
