import type { TransportFactory } from '../../messaging/index.js';
import { VirtualTransport } from '../virtual/index.js';
import { openSqsStore } from './open-sqs-store.js';

/**
 * Celery's SQS transport: `broker_url` as `sqs://`, `sqs://key:secret@` or `sqs://key:secret@host:port`; without
 * credentials there, the AWS SDK's own chain. Options: see SqsOptions; kombu's names, and `endpoint_url`,
 * `large_payloads`, `sts_endpoint_url`, `publish_timeout`, `ack_window`, `on_api_call`.
 *
 * @throws ToolboxError CONFIG_INVALID, DRIVER_MISSING
 */
export const createSqsTransport: TransportFactory = async (context) =>
  new VirtualTransport(await openSqsStore(context), context);
