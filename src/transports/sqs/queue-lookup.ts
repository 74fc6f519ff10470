import { hasCode, type Logger, ToolboxError } from '../../base/index.js';
import type { SqsConnection } from './sqs-connection.js';
import type { SqsOptions } from './sqs-options.js';

/** What every queue takes, also those made before SQS raised the limit to 1 MiB. */
export const SAFE_MAX_BYTES = 262_144;
/** What kombu gives the queues it makes. */
export const DEFAULT_LEASE_S = 1800;

export interface QueueId {
  /** As the program calls it. */
  readonly queue: string;
  /** As SQS calls it. */
  readonly sqsName: string;
  readonly fifo: boolean;
}

/** A queue that exists. */
export interface KnownQueue extends QueueId {
  readonly url: string;
  readonly connection: SqsConnection;
  /** Largest message in bytes. */
  readonly maxBytes: number;
  /** Seconds a received message is held. */
  readonly leaseSeconds: number;
}

/** Finds queues, makes them and asks what they are like. */
export class QueueLookup {
  readonly #connection: SqsConnection;
  readonly #options: SqsOptions;
  readonly #logger: Logger;

  constructor(connection: SqsConnection, options: SqsOptions, logger: Logger) {
    this.#connection = connection;
    this.#options = options;
    this.#logger = logger;
  }

  /** Throws NOT_DECLARED when there is none. */
  async find(id: QueueId): Promise<KnownQueue> {
    const { QueueUrl } = await this.#connection.call({
      operation: 'GetQueueUrl',
      queue: id.queue,
      run: (sqs, call) => sqs.getQueueUrl({ QueueName: id.sqsName }, call),
    });
    return this.describe(id, QueueUrl ?? '', this.#connection);
  }

  async findOrCreate(id: QueueId): Promise<KnownQueue> {
    try {
      return await this.find(id);
    } catch (error) {
      if (!hasCode(error, 'NOT_DECLARED')) throw error;
    }
    const url = await this.#create(id);
    // SQS may take a second to know what it has just made.
    return this.describe(id, url, this.#connection).catch((error: unknown) => {
      if (!hasCode(error, 'NOT_DECLARED')) throw error;
      return this.#known(id, url, this.#connection, {});
    });
  }

  /** Asks for the queue's limits; without the right to ask, assumes those that every queue keeps. */
  async describe(id: QueueId, url: string, connection: SqsConnection): Promise<KnownQueue> {
    const { queue } = id;
    try {
      const { Attributes = {} } = await connection.call({
        operation: 'GetQueueAttributes',
        queue,
        run: (sqs, call) =>
          sqs.getQueueAttributes(
            { QueueUrl: url, AttributeNames: ['MaximumMessageSize', 'VisibilityTimeout'] },
            call,
          ),
      });
      return this.#known(id, url, connection, Attributes);
    } catch (error) {
      if (!hasCode(error, 'BROKER_REFUSED')) throw error;
      this.#logger.debug({ queue, error: error.message }, 'the limits of the queue are not known');
      return this.#known(id, url, connection, {});
    }
  }

  async #create({ queue, sqsName, fifo }: QueueId): Promise<string> {
    const { visibility_timeout = DEFAULT_LEASE_S, queue_tags } = this.#options;
    try {
      const { QueueUrl } = await this.#connection.call({
        operation: 'CreateQueue',
        queue,
        run: (sqs, call) =>
          sqs.createQueue(
            {
              QueueName: sqsName,
              Attributes: {
                VisibilityTimeout: String(visibility_timeout),
                ...(fifo ? { FifoQueue: 'true' } : {}),
                ...this.#options['sqs-creation-attributes'],
              },
              ...(Object.keys(queue_tags).length > 0 ? { tags: queue_tags } : {}),
            },
            call,
          ),
      });
      return QueueUrl ?? '';
    } catch (error) {
      // Someone else made it meanwhile, with other attributes.
      if (
        error instanceof ToolboxError &&
        /QueueNameExists|QueueAlreadyExists/.test(String(error.fields.reason))
      ) {
        return (await this.find({ queue, sqsName, fifo })).url;
      }
      throw error;
    }
  }

  #known(
    id: QueueId,
    url: string,
    connection: SqsConnection,
    attributes: Readonly<Record<string, string | undefined>>,
  ): KnownQueue {
    return {
      ...id,
      url,
      connection,
      maxBytes: Number(attributes.MaximumMessageSize) || SAFE_MAX_BYTES,
      leaseSeconds:
        this.#options.visibility_timeout ?? (Number(attributes.VisibilityTimeout) || DEFAULT_LEASE_S),
    };
  }
}
