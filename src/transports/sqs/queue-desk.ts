import { hasCode } from '../../base/index.js';
import type { QueueDirectory } from './queue-directory.js';
import type { SqsConnection } from './sqs-connection.js';

/** What is asked of queues beside their messages. */
export class QueueDesk {
  readonly #connection: SqsConnection;
  readonly #directory: QueueDirectory;
  readonly #prefix: string;

  constructor(connection: SqsConnection, directory: QueueDirectory, prefix: string) {
    this.#connection = connection;
    this.#directory = directory;
    this.#prefix = prefix;
  }

  /** Any answer will do, also that we may not ask: with tight rights a worker can still do its work. */
  async greet(): Promise<void> {
    const { anyPredefined } = this.#directory;
    try {
      if (anyPredefined !== undefined) await this.#directory.resolve(anyPredefined);
      else {
        await this.#connection.call({
          operation: 'ListQueues',
          run: (sqs, call) =>
            sqs.listQueues({ QueueNamePrefix: this.#prefix || undefined, MaxResults: 1 }, call),
        });
      }
    } catch (error) {
      if (!hasCode(error, 'BROKER_REFUSED')) throw error;
    }
  }

  size(queue: string): Promise<number> {
    return this.#directory.use(queue, async ({ url, connection }) => {
      const { Attributes } = await connection.call({
        operation: 'GetQueueAttributes',
        queue,
        run: (sqs, call) =>
          sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }, call),
      });
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    });
  }

  /** SQS allows one purge a minute for each queue; a second is refused with BROKER_REFUSED. */
  async purge(queue: string): Promise<number> {
    const count = await this.size(queue);
    await this.#directory.use(queue, ({ url, connection }) =>
      connection.call({
        operation: 'PurgeQueue',
        queue,
        run: (sqs, call) => sqs.purgeQueue({ QueueUrl: url }, call),
      }),
    );
    return count;
  }

  async deleteQueue(queue: string): Promise<void> {
    try {
      await this.#directory.use(queue, ({ url, connection }) =>
        connection.call({
          operation: 'DeleteQueue',
          queue,
          run: (sqs, call) => sqs.deleteQueue({ QueueUrl: url }, call),
        }),
      );
    } catch (error) {
      if (!hasCode(error, 'NOT_DECLARED')) throw error;
    } finally {
      this.#directory.forget(queue);
    }
  }
}
