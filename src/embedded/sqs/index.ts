export type { SqsFaults } from './faults.js';
export type { SqsServer, SqsServerOptions } from './options.js';
export { startSqsServer } from './server.js';
