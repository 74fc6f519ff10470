import type { Message, MessageSystemAttributeName, ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';
import { type Clock, newId } from '../../base/index.js';
import type { MessageProperties } from '../../messaging/index.js';
import type { ReceiveOptions, StoredMessage } from '../virtual/index.js';
import type { SqsOptions } from './options/sqs-options.js';
import type { KnownQueue } from './queues/known-queue.js';
import { watchUnread } from './unread.js';

/** Milliseconds a receive that nobody wants any more may take to bring what is on its way. */
const GRACE_MS = 2000;
/** Most milliseconds between looks at whether the event loop is there to read an answer. */
const MAX_LOOK_MS = 5000;

/** Receives messages of one queue, their texts as SQS has them, and gives up without losing any. */
export class Receiver {
  readonly #clock: Clock;
  readonly #beside: boolean;
  readonly #wanted: ReturnType<typeof wantedAttributes>;

  constructor(clock: Clock, { fetch_message_attributes }: SqsOptions) {
    this.#clock = clock;
    this.#beside = fetch_message_attributes !== undefined;
    this.#wanted = wantedAttributes(fetch_message_attributes);
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
    const unread = watchUnread(this.#clock, Math.min((queue.leaseSeconds * 1000) / 12, MAX_LOOK_MS));
    const { Messages = [] } = await queue.connection
      .call({
        operation: 'ReceiveMessage',
        queue: queue.queue,
        waitMs: waitSeconds * 1000,
        ...(signal ? { signal } : {}),
        run: (sqs, call) =>
          sqs.receiveMessage(
            {
              QueueUrl: queue.url,
              MaxNumberOfMessages: Math.min(10, max),
              WaitTimeSeconds: waitSeconds,
              VisibilityTimeout: queue.leaseSeconds,
              ...this.#wanted,
              ...(attemptId === undefined ? {} : { ReceiveRequestAttemptId: attemptId }),
            },
            call,
          ),
      })
      .finally(() => unread.stop());
    const { since } = unread;
    return Messages.map((message) => this.#stored(message, since));
  }

  #stored(
    { Body = '', ReceiptHandle = '', Attributes, MessageAttributes }: Message,
    takenAt: number | undefined,
  ): StoredMessage {
    const { ApproximateReceiveCount, SentTimestamp } = Attributes ?? {};
    return {
      receipt: ReceiptHandle,
      text: Body,
      receiveCount: Number(ApproximateReceiveCount) || 1,
      ...(takenAt === undefined ? {} : { takenAt }),
      ...(SentTimestamp === undefined ? {} : { sentAt: Number(SentTimestamp) }),
      ...(this.#beside ? { beside: besideOf(Attributes, MessageAttributes) } : {}),
    };
  }
}

const besideOf = (
  system_attributes: Message['Attributes'],
  message_attributes: Message['MessageAttributes'],
): MessageProperties => ({
  ...(system_attributes === undefined ? {} : { system_attributes }),
  ...(message_attributes === undefined ? {} : { message_attributes }),
});

const ALWAYS = ['ApproximateReceiveCount', 'SentTimestamp'];

/** What a receive asks for: kombu's `fetch_message_attributes`, and what we need. */
function wantedAttributes(
  fetch: SqsOptions['fetch_message_attributes'],
): Pick<ReceiveMessageCommandInput, 'MessageSystemAttributeNames' | 'MessageAttributeNames'> {
  const { MessageSystemAttributeNames: system = [], MessageAttributeNames: own = [] } = Array.isArray(fetch)
    ? { MessageSystemAttributeNames: fetch }
    : (fetch ?? {});
  const names = allOr(own);
  return {
    MessageSystemAttributeNames: allOr([...system, ...ALWAYS]) as MessageSystemAttributeName[],
    ...(names.length === 0 ? {} : { MessageAttributeNames: names }),
  };
}

const allOr = (names: readonly string[]): string[] =>
  names.some((name) => name.toLowerCase() === 'all') ? ['All'] : [...new Set(names)];
