export { createSqsTransport } from './create-sqs-transport.js';
export type { SqsOptions } from './sqs-options.js';
