import { maskUrl } from '../../base/index.js';
import type { TransportFactory } from '../../messaging/index.js';
import { VirtualTransport } from '../virtual/index.js';
import { QueueDirectory } from './queue-directory.js';
import { QueueLookup } from './queue-lookup.js';
import { loadDriver, SqsConnection } from './sqs-connection.js';
import { type PredefinedQueue, parseSqsOptions } from './sqs-options.js';
import { SqsStore } from './sqs-store.js';
import { parseSqsUrl } from './sqs-url.js';

/**
 * Celery's SQS transport: `broker_url` as `sqs://`, `sqs://key:secret@` or `sqs://key:secret@host:port`; without
 * credentials there, the AWS SDK's own chain. Options: see SqsOptions; kombu's names, and `publish_timeout`,
 * `ack_window`, `on_api_call`.
 *
 * @throws ToolboxError CONFIG_INVALID, DRIVER_MISSING
 */
export const createSqsTransport: TransportFactory = async (context) => {
  const { clock, logger } = context;
  const address = parseSqsUrl(context.url);
  const options = parseSqsOptions(context.options, logger);
  const driver = await loadDriver();
  const scheme = options.is_secure ? 'https' : 'http';
  const endpoint =
    options.endpoint_url ?? (address.host === undefined ? undefined : `${scheme}://${address.host}`);
  const base = {
    driver,
    clock,
    endpoint,
    region: options.region,
    accessKeyId: address.accessKeyId,
    secretAccessKey: address.secretAccessKey,
    onCall: options.on_api_call,
  };
  const connection = new SqsConnection(base);
  const own = new Map<string, SqsConnection>();
  const connectionFor = (queue: PredefinedQueue): SqsConnection => {
    const { access_key_id, secret_access_key, region } = queue;
    if (access_key_id === undefined && region === undefined) return connection;
    const key = JSON.stringify([access_key_id, region]);
    const known =
      own.get(key) ??
      new SqsConnection({
        ...base,
        region: region ?? base.region,
        accessKeyId: access_key_id ?? base.accessKeyId,
        secretAccessKey: secret_access_key ?? base.secretAccessKey,
      });
    own.set(key, known);
    return known;
  };
  const lookup = new QueueLookup(connection, options, logger);
  const directory = new QueueDirectory({ lookup, options, connectionFor });
  const store = new SqsStore({
    url: maskUrl(context.url),
    connection,
    directory,
    options,
    clock,
    close: async () => {
      await Promise.all([connection, ...own.values()].map((one) => one.close()));
    },
  });
  return new VirtualTransport(store, { clock, logger });
};
