export type { Delivery, DeliveryInfo, Headers, MessageProperties, OutgoingMessage } from './message.js';
export { readTlsOptions } from './tls-options.js';
export { topicMatches } from './topic-match.js';
export {
  broadcastQueue,
  type Destination,
  directQueue,
  type Exchange,
  type ExchangeType,
  isBroadcast,
  type Queue,
} from './topology.js';
export type {
  ConsumeOptions,
  Consumption,
  DeadLetters,
  PublishOptions,
  QueueCounts,
  Transport,
  TransportCapabilities,
  TransportContext,
  TransportFactory,
  TransportRegistry,
} from './transport.js';
