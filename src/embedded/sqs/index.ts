export type { SqsFaults } from './faults.js';
export { inProcessQueues } from './in-process-queues.js';
export type { SqsServer, SqsServerOptions } from './options.js';
export { startSqsServer } from './server.js';
export type { Message as SqsMessage } from './store/message.js';
export type { Queue as SqsQueue } from './store/queue.js';
