export { leaseLost } from './failures.js';
export { type CreateRenewals, moduleBeside, type RenewalsSource } from './lease-guard/index.js';
export type {
  Aftermath,
  BatchOutcome,
  Binding,
  Copy,
  LeaseChange,
  QueueOrder,
  QueueStore,
  ReceiveOptions,
  RefusedMessage,
  SharedExchanges,
  StoredMessage,
  StoreMessage,
  StoreTraits,
  StowedMessage,
} from './queue-store.js';
export { VirtualTransport } from './virtual-transport.js';
