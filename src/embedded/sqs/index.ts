export type { FaultPoint, FaultRate, SqsFaults } from './faults.js';
export type { Durability } from './journal/journal.js';
export type { SqsServer, SqsServerOptions } from './options.js';
export { startSqsServer } from './server.js';
