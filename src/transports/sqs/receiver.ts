import type { Message } from '@aws-sdk/client-sqs';
import { type Clock, newId } from '../../base/index.js';
import type { ReceiveOptions, StoredMessage } from '../virtual/index.js';
import { fromMessageBody } from './message-text.js';
import type { KnownQueue } from './queue-lookup.js';

/** Milliseconds an answer may come later than the wait we asked for. */
const LATE_MS = 5000;
/** Milliseconds a receive that nobody wants any more may take to bring what is on its way. */
const GRACE_MS = 2000;

/** Receives messages of one queue, and gives up without losing any. */
export class Receiver {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A request cut off may leave messages hidden that nobody ever saw. So the end waits a moment for the answer;
   * a FIFO queue is then asked again under the same attempt id, which brings what the cut request had taken.
   */
  async receive(queue: KnownQueue, options: ReceiveOptions, waitSeconds: number): Promise<StoredMessage[]> {
    const attemptId = queue.fifo ? newId() : undefined;
    const cut = new AbortController();
    let cancel = (): void => {};
    const end = (): void => {
      cancel = this.#clock.after(GRACE_MS, () => cut.abort());
    };
    if (options.signal.aborted) return [];
    options.signal.addEventListener('abort', end, { once: true });
    try {
      return await this.#ask(queue, options.max, waitSeconds, attemptId, cut.signal);
    } catch (error) {
      if (!cut.signal.aborted) throw error;
      return attemptId === undefined ? [] : await this.#ask(queue, options.max, 0, attemptId).catch(() => []);
    } finally {
      cancel();
      options.signal.removeEventListener('abort', end);
    }
  }

  async #ask(
    queue: KnownQueue,
    max: number,
    waitSeconds: number,
    attemptId: string | undefined,
    signal?: AbortSignal,
  ): Promise<StoredMessage[]> {
    const { Messages = [] } = await queue.connection.call({
      operation: 'ReceiveMessage',
      queue: queue.queue,
      timeoutMs: waitSeconds * 1000 + LATE_MS,
      ...(signal ? { signal } : {}),
      run: (sqs, call) =>
        sqs.receiveMessage(
          {
            QueueUrl: queue.url,
            MaxNumberOfMessages: Math.min(10, max),
            WaitTimeSeconds: waitSeconds,
            VisibilityTimeout: queue.leaseSeconds,
            MessageSystemAttributeNames: ['ApproximateReceiveCount'],
            ...(attemptId === undefined ? {} : { ReceiveRequestAttemptId: attemptId }),
          },
          call,
        ),
    });
    return Messages.map(stored);
  }
}

const stored = ({ Body = '', ReceiptHandle = '', Attributes }: Message): StoredMessage => ({
  receipt: ReceiptHandle,
  text: fromMessageBody(Body),
  receiveCount: Number(Attributes?.ApproximateReceiveCount) || 1,
});
