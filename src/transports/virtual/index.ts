export { leaseLost } from './failures.js';
export type {
  BatchOutcome,
  LeaseChange,
  QueueStore,
  ReceiveOptions,
  StoredMessage,
  StoreMessage,
  StoreTraits,
} from './queue-store.js';
export { VirtualTransport } from './virtual-transport.js';
