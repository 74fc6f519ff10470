import { maskUrl } from '../../base/index.js';
import type { TransportFactory } from '../../messaging/index.js';
import { VirtualTransport } from '../virtual/index.js';
import { Connections } from './connections.js';
import { credentialsOf } from './credentials.js';
import { parseSqsOptions } from './options/sqs-options.js';
import { parseSqsUrl } from './options/sqs-url.js';
import { openPayloadStore } from './payloads/index.js';
import { QueueDirectory } from './queues/queue-directory.js';
import { QueueLookup } from './queues/queue-lookup.js';
import { loadDriver } from './sqs-connection.js';
import { SqsStore } from './sqs-store.js';

/**
 * Celery's SQS transport: `broker_url` as `sqs://`, `sqs://key:secret@` or `sqs://key:secret@host:port`; without
 * credentials there, the AWS SDK's own chain. Options: see SqsOptions; kombu's names, and `endpoint_url`,
 * `large_payloads`, `sts_endpoint_url`, `publish_timeout`, `ack_window`, `on_api_call`.
 *
 * @throws ToolboxError CONFIG_INVALID, DRIVER_MISSING
 */
export const createSqsTransport: TransportFactory = async (context) => {
  const { clock, logger } = context;
  const { accessKeyId, secretAccessKey, host } = parseSqsUrl(context.url);
  const options = parseSqsOptions(context.options, logger);
  const pair =
    accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
  const scheme = options.is_secure ? 'https' : 'http';
  const credentials = await credentialsOf(options, pair);
  const connections = new Connections({
    driver: await loadDriver(),
    clock,
    endpoint: options.endpoint_url ?? (host === undefined ? undefined : `${scheme}://${host}`),
    region: options.region,
    credentials,
    config: options['client-config'],
    onCall: options.on_api_call,
  });
  const payloads = await openPayloadStore(options, { credentials, clock, logger });
  const lookup = new QueueLookup(connections.main, options, logger, clock);
  const directory = new QueueDirectory({ lookup, options, connections, clock });
  const store = new SqsStore({
    url: maskUrl(context.url),
    connections,
    directory,
    options,
    clock,
    logger,
    payloads,
  });
  return new VirtualTransport(store, { clock, logger });
};
