import type { Queue } from '../../messaging/index.js';

/** A queue as kombu writes it down (`Queue.as_dict`). */
export function queueObject({
  name,
  exchange,
  routingKey,
  durable,
  autoDelete,
  exclusive,
  ...rest
}: Queue): object {
  const { arguments: args } = rest;
  return {
    name,
    exchange: {
      name: exchange.name,
      type: exchange.type,
      arguments: null,
      durable: exchange.durable ?? true,
      passive: false,
      auto_delete: false,
      delivery_mode: null,
      no_declare: false,
    },
    routing_key: routingKey,
    queue_arguments: args === undefined || Object.keys(args).length === 0 ? null : args,
    binding_arguments: null,
    consumer_arguments: null,
    durable: durable ?? true,
    exclusive: exclusive ?? false,
    auto_delete: autoDelete ?? false,
    no_ack: false,
    alias: null,
    bindings: [],
    no_declare: null,
    expires: null,
    message_ttl: null,
    max_length: null,
    max_length_bytes: null,
    max_priority: null,
  };
}
