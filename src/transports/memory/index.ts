export { createMemoryTransport, memoryTransports } from './create-memory-transport.js';
export { MemoryHub } from './memory-hub.js';
