import { type Clock, hasCode, type Logger } from '../../../base/index.js';
import type { SqsOptions } from '../options/sqs-options.js';
import type { SqsConnection } from '../sqs-connection.js';
import {
  ASKED_ATTRIBUTES,
  type Attributes,
  type KnownQueue,
  knownQueue,
  type QueueId,
} from './known-queue.js';
import { QueueMaker } from './queue-maker.js';

/** Finds queues, makes them and asks what they are like. */
export class QueueLookup {
  readonly #connection: SqsConnection;
  readonly #options: SqsOptions;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #maker: QueueMaker;

  constructor(connection: SqsConnection, options: SqsOptions, logger: Logger, clock: Clock) {
    this.#connection = connection;
    this.#options = options;
    this.#logger = logger;
    this.#clock = clock;
    this.#maker = new QueueMaker(connection, options, (id) => this.#urlOf(id));
  }

  /** Throws NOT_DECLARED when there is none. */
  async find(id: QueueId): Promise<KnownQueue> {
    return this.describe(id, await this.#urlOf(id), this.#connection);
  }

  async findOrCreate(id: QueueId): Promise<KnownQueue> {
    try {
      return await this.find(id);
    } catch (error) {
      if (!hasCode(error, 'NOT_DECLARED')) throw error;
    }
    const url = await this.#maker.make(id);
    // SQS may take a second to know what it has just made.
    return this.describe(id, url, this.#connection).catch((error: unknown) => {
      if (!hasCode(error, 'NOT_DECLARED')) throw error;
      return this.#known(id, url, this.#connection, undefined, Number.NEGATIVE_INFINITY);
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
          sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: [...ASKED_ATTRIBUTES] }, call),
      });
      return this.#known(id, url, connection, Attributes);
    } catch (error) {
      if (!hasCode(error, 'BROKER_REFUSED')) throw error;
      this.#logger.debug({ queue, error: error.message }, 'the limits of the queue are not known');
      return this.#known(id, url, connection, undefined);
    }
  }

  async #urlOf({ queue, sqsName }: QueueId): Promise<string> {
    const { QueueUrl = '' } = await this.#connection.call({
      operation: 'GetQueueUrl',
      queue,
      run: (sqs, call) => sqs.getQueueUrl({ QueueName: sqsName }, call),
    });
    return QueueUrl;
  }

  #known(
    id: QueueId,
    url: string,
    connection: SqsConnection,
    attributes: Attributes | undefined,
    askedAt = this.#clock.monotonic(),
  ): KnownQueue {
    const place = { ...id, url, connection, askedAt };
    return knownQueue(place, attributes, this.#options.visibility_timeout, this.#logger);
  }
}
