import { ToolboxError } from '../../../base/index.js';
import type { SqsOptions } from '../options/sqs-options.js';
import type { SqsConnection } from '../sqs-connection.js';
import { DEFAULT_LEASE_S, type QueueId } from './known-queue.js';
import { withSuffix } from './queue-names.js';

/** The longest SQS keeps a message: dead letters wait for people. */
const MAX_RETENTION_S = '1209600';

/** Makes queues, each with its dead-letter queue where the options ask for one. */
export class QueueMaker {
  readonly #connection: SqsConnection;
  readonly #options: SqsOptions;
  readonly #urlOf: (id: QueueId) => Promise<string>;

  constructor(connection: SqsConnection, options: SqsOptions, urlOf: (id: QueueId) => Promise<string>) {
    this.#connection = connection;
    this.#options = options;
    this.#urlOf = urlOf;
  }

  /** The URL of the queue made, or of the one that somebody else made meanwhile. */
  async make(id: QueueId): Promise<string> {
    const { visibility_timeout = DEFAULT_LEASE_S } = this.#options;
    return this.#create(id, {
      VisibilityTimeout: String(visibility_timeout),
      ...(await this.#redrive(id)),
      ...this.#options['sqs-creation-attributes'],
    });
  }

  /** The dead-letter queue comes first: the policy must name one that exists. */
  async #redrive({ queue, sqsName, fifo }: QueueId): Promise<Record<string, string>> {
    const { dead_letters } = this.#options;
    if (dead_letters === undefined) return {};
    const id = { queue, sqsName: withSuffix(sqsName, dead_letters.suffix), fifo };
    const url = await this.#create(id, { MessageRetentionPeriod: MAX_RETENTION_S });
    const { Attributes } = await this.#connection.call({
      operation: 'GetQueueAttributes',
      queue,
      run: (sqs, call) => sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['QueueArn'] }, call),
    });
    const policy = {
      deadLetterTargetArn: Attributes?.QueueArn,
      maxReceiveCount: dead_letters.max_receive_count,
    };
    return { RedrivePolicy: JSON.stringify(policy) };
  }

  async #create(id: QueueId, attributes: Record<string, string>): Promise<string> {
    const { queue, sqsName, fifo } = id;
    const { queue_tags: tags } = this.#options;
    const Attributes = { ...(fifo ? { FifoQueue: 'true' } : {}), ...attributes };
    try {
      const { QueueUrl = '' } = await this.#connection.call({
        operation: 'CreateQueue',
        queue,
        run: (sqs, call) =>
          sqs.createQueue(
            { QueueName: sqsName, Attributes, ...(Object.keys(tags).length > 0 ? { tags } : {}) },
            call,
          ),
      });
      return QueueUrl;
    } catch (error) {
      const reason = error instanceof ToolboxError ? String(error.fields.reason) : '';
      // It is there with other attributes.
      if (/QueueNameExists|QueueAlreadyExists/.test(reason)) return this.#urlOf(id);
      throw error;
    }
  }
}
