import { type Clock, type Logger, maskUrl } from '../../base/index.js';
import { moduleBeside, type RenewalsSource } from '../virtual/index.js';
import { Connections } from './connections.js';
import { credentialsOf } from './credentials.js';
import { parseSqsOptions } from './options/sqs-options.js';
import { parseSqsUrl } from './options/sqs-url.js';
import { openPayloadStore } from './payloads/index.js';
import { QueueDirectory } from './queues/queue-directory.js';
import { QueueLookup } from './queues/queue-lookup.js';
import { loadDriver } from './sqs-connection.js';
import { SqsStore } from './sqs-store.js';

/** What a store of its own needs, in this thread or another. */
export interface StoreSource {
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a thread needs for a store of its own, to renew leases. */
export type RenewalsData = Pick<StoreSource, 'url' | 'options'>;

/** The store of a broker_url and broker_transport_options. Throws ToolboxError CONFIG_INVALID, DRIVER_MISSING. */
export async function openSqsStore({ url, options: given, clock, logger }: StoreSource): Promise<SqsStore> {
  const { accessKeyId, secretAccessKey, host } = parseSqsUrl(url);
  const options = parseSqsOptions(given, logger);
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
  return new SqsStore({
    url: maskUrl(url),
    connections,
    directory,
    options,
    clock,
    logger,
    payloads,
    renewals: options.lease_thread ? renewalsOf(url, given) : undefined,
  });
}

/** Bytes of a receipt: SQS has up to 1024, and it may name a place of a body kept outside. */
const RECEIPT_BYTES = 2048;

function renewalsOf(url: string, options: Readonly<Record<string, unknown>>): RenewalsSource {
  // A function stays in its thread. A place for bodies is of no use to renewals.
  const { on_api_call: _told, large_payloads: _place, ...rest } = options;
  const data: RenewalsData = { url, options: rest };
  return { module: moduleBeside(import.meta.url, 'renewals'), data, receiptBytes: RECEIPT_BYTES };
}
