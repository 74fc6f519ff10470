export { leaseLost } from './failures.js';
export type {
  BatchOutcome,
  Binding,
  Copy,
  LeaseChange,
  QueueStore,
  ReceiveOptions,
  SharedExchanges,
  StoredMessage,
  StoreMessage,
  StoreTraits,
} from './queue-store.js';
export { VirtualTransport } from './virtual-transport.js';
