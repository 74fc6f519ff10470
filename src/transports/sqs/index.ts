export { createSqsTransport } from './create-sqs-transport.js';
export type { SqsOptions } from './options/sqs-options.js';
