import type { Exchange, Queue, TransportCapabilities } from '../../messaging/index.js';
import type { BusSettings } from '../bus.js';

/** The exchanges and queues of remote control and events, declared as Celery declares them (protocol section 3.1). */
export const commandExchange = ({ control_exchange: name }: BusSettings): Exchange => ({
  name: `${name}.pidbox`,
  type: 'fanout',
  durable: false,
});

export const replyExchange = (name: string): Exchange => ({ name, type: 'direct', durable: false });

export const replyExchangeName = ({ control_exchange: name }: BusSettings): string => `reply.${name}.pidbox`;

export const eventExchange = (
  { event_exchange: name }: BusSettings,
  { eventExchangeType: type }: TransportCapabilities,
): Exchange => ({ name, type });

/** Where a node gets its commands. */
export const commandQueue = (node: string, settings: BusSettings): Queue => ({
  name: `${node}.${settings.control_exchange}.pidbox`,
  exchange: commandExchange(settings),
  routingKey: '',
  ...controlQueue(settings),
  arguments: limits(settings.control_queue_ttl, settings.control_queue_expires),
});

/** Where a controller gets its replies. */
export function replyQueue(id: string, settings: BusSettings): Queue {
  const exchange = replyExchange(replyExchangeName(settings));
  return {
    name: `${id}.${exchange.name}`,
    exchange,
    routingKey: id,
    ...controlQueue(settings),
    arguments: limits(settings.control_queue_ttl, settings.control_queue_expires),
  };
}

/** Where a monitor gets its events. */
export const eventQueue = (
  id: string,
  pattern: string,
  settings: BusSettings,
  capabilities: TransportCapabilities,
): Queue => ({
  name: `${settings.event_queue_prefix}.${id}`,
  exchange: eventExchange(settings, capabilities),
  routingKey: pattern,
  durable: settings.event_queue_durable,
  autoDelete: !settings.event_queue_durable,
  exclusive: settings.event_queue_exclusive,
  arguments: limits(settings.event_queue_ttl, settings.event_queue_expires),
});

const controlQueue = (settings: BusSettings): Pick<Queue, 'durable' | 'autoDelete' | 'exclusive'> => ({
  durable: settings.control_queue_durable,
  autoDelete: !settings.control_queue_durable,
  exclusive: settings.control_queue_exclusive,
});

const limits = (ttlSeconds: number, expiresSeconds: number): Readonly<Record<string, unknown>> => ({
  'x-expires': Math.round(expiresSeconds * 1000),
  'x-message-ttl': Math.round(ttlSeconds * 1000),
});
