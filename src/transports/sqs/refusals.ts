import { type Logger, messageOf } from '../../base/index.js';
import type { Aftermath, RefusedMessage } from '../virtual/index.js';
import type { SqsOptions } from './options/sqs-options.js';
import type { QueueDirectory } from './queues/queue-directory.js';

/** What becomes of messages that were not done: by kombu's backoff policy, and by the queue's redrive policy. */
export class Refusals {
  readonly #directory: QueueDirectory;
  readonly #requeueSeconds: number;
  readonly #logger: Logger;

  constructor(directory: QueueDirectory, options: SqsOptions, logger: Logger) {
    this.#directory = directory;
    this.#requeueSeconds = options.wait_time_seconds;
    this.#logger = logger;
  }

  /**
   * A task of a backoff policy comes again after the time for this delivery; where the policy names none, when its lease
   * ends. Of the others, what is wanted again comes after `wait_time_seconds`, as in kombu: at once it would come round
   * and round. What is not is deleted, save where a redrive policy counts deliveries until the dead-letter queue gets it.
   */
  async of(queue: string, { task, receiveCount, requeue }: RefusedMessage): Promise<Aftermath> {
    const { backoff_policy, backoff_tasks = [] } = this.#directory.predefined(queue) ?? {};
    if (backoff_policy !== undefined && typeof task === 'string' && backoff_tasks.includes(task)) {
      const seconds = backoff_policy[String(receiveCount)];
      return seconds === undefined ? 'leave' : { againIn: seconds };
    }
    if (requeue) return { againIn: this.#requeueSeconds };
    return (await this.#isRedriven(queue)) ? 'leave' : 'remove';
  }

  /** Not knowing counts as yes: a deletion cannot be undone. */
  async #isRedriven(queue: string): Promise<boolean> {
    try {
      const { redrive } = await this.#directory.fresh(queue);
      if (redrive !== 'unknown') return redrive !== undefined;
      this.#logger.warn(
        { queue },
        'a rejected message is left in its queue: grant sqs:GetQueueAttributes, so that it is known whether the queue has a dead-letter queue',
      );
    } catch (error) {
      this.#logger.warn({ queue, error: messageOf(error) }, 'a rejected message is left in its queue');
    }
    return true;
  }
}
