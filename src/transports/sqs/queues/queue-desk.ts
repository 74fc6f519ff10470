import { hasCode } from '../../../base/index.js';
import type { DeadLetters, QueueCounts } from '../../../messaging/index.js';
import type { SqsConnection } from '../sqs-connection.js';
import type { QueueDirectory } from './queue-directory.js';

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

  count(queue: string): Promise<QueueCounts> {
    return this.#directory.use(queue, ({ url, connection }) => countsOf(connection, queue, url));
  }

  /** Throws NOT_DECLARED when the redrive policy names a queue that does not exist. */
  async deadLetters(queue: string): Promise<DeadLetters | undefined> {
    const { redrive, connection } = await this.#directory.fresh(queue);
    if (typeof redrive !== 'object') return undefined;
    const [, , , , account, name = ''] = redrive.target.split(':');
    const { QueueUrl } = await connection.call({
      operation: 'GetQueueUrl',
      queue: name,
      run: (sqs, call) => sqs.getQueueUrl({ QueueName: name, QueueOwnerAWSAccountId: account }, call),
    });
    const { waiting } = await countsOf(connection, name, QueueUrl);
    return { queue: name, maxDeliveries: redrive.maxReceives, waiting };
  }

  /** SQS allows one purge a minute for each queue; a second is refused with BROKER_REFUSED. */
  async purge(queue: string): Promise<number> {
    const { waiting } = await this.count(queue);
    await this.#directory.use(queue, ({ url, connection }) =>
      connection.call({
        operation: 'PurgeQueue',
        queue,
        run: (sqs, call) => sqs.purgeQueue({ QueueUrl: url }, call),
      }),
    );
    return waiting;
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

const WAITING = 'ApproximateNumberOfMessages';
const HELD = 'ApproximateNumberOfMessagesNotVisible';
const DELAYED = 'ApproximateNumberOfMessagesDelayed';
const COUNTS = [WAITING, HELD, DELAYED] as const;

async function countsOf(
  connection: SqsConnection,
  queue: string,
  url: string | undefined,
): Promise<QueueCounts> {
  const { Attributes = {} } = await connection.call({
    operation: 'GetQueueAttributes',
    queue,
    run: (sqs, call) => sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: [...COUNTS] }, call),
  });
  const [waiting = 0, held = 0, delayed = 0] = COUNTS.map((name) => Number(Attributes[name] ?? 0));
  return { waiting, held, delayed, consumers: null };
}
