import type { Logger } from '../../../base/index.js';
import type { SqsConnection } from '../sqs-connection.js';

/** What every queue takes, also those made before SQS raised the limit to 1 MiB. */
export const SAFE_MAX_BYTES = 262_144;
/** What kombu gives the queues it makes. */
export const DEFAULT_LEASE_S = 1800;
/** SQS' own default: four days. */
const DEFAULT_RETENTION_S = 345_600;

export interface QueueId {
  /** As the program calls it. */
  readonly queue: string;
  /** As SQS calls it. */
  readonly sqsName: string;
  readonly fifo: boolean;
}

/** Where a queue's messages go that were received too often. */
export interface Redrive {
  /** ARN of the dead-letter queue. */
  readonly target: string;
  readonly maxReceives: number;
}

/** A queue that exists. */
export interface KnownQueue extends QueueId {
  readonly url: string;
  readonly connection: SqsConnection;
  /** Largest message in bytes. */
  readonly maxBytes: number;
  /** Seconds a received message is held. */
  readonly leaseSeconds: number;
  /** Seconds the queue keeps a message that nobody deletes. */
  readonly retentionSeconds: number;
  /** Undefined when it has none, `unknown` when we may not ask. */
  readonly redrive: Redrive | 'unknown' | undefined;
  /** Monotonic milliseconds of the answer all this is from. */
  readonly askedAt: number;
}

export type Attributes = Readonly<Record<string, string | undefined>>;

/** What of a queue's attributes matters here. */
export const ASKED_ATTRIBUTES = [
  'MaximumMessageSize',
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'RedrivePolicy',
] as const;

/** The queue by the attributes SQS gave; without them, what every queue keeps. */
export const knownQueue = (
  place: QueueId & Pick<KnownQueue, 'url' | 'connection' | 'askedAt'>,
  attributes: Attributes | undefined,
  leaseSeconds: number | undefined,
  logger: Logger,
): KnownQueue => ({
  ...place,
  maxBytes: Number(attributes?.MaximumMessageSize) || SAFE_MAX_BYTES,
  leaseSeconds: leaseSeconds ?? (Number(attributes?.VisibilityTimeout) || DEFAULT_LEASE_S),
  retentionSeconds: Number(attributes?.MessageRetentionPeriod) || DEFAULT_RETENTION_S,
  redrive: attributes === undefined ? 'unknown' : readRedrive(attributes.RedrivePolicy, place.queue, logger),
});

function readRedrive(policy: string | undefined, queue: string, logger: Logger): KnownQueue['redrive'] {
  if (policy === undefined || policy === '') return undefined;
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>;
    return { target: String(deadLetterTargetArn), maxReceives: Number(maxReceiveCount) };
  } catch {
    logger.warn({ queue, policy }, 'the redrive policy of the queue cannot be read');
    return 'unknown';
  }
}
