import { invalid, missing, SqsError } from '../errors.js';
import type { Input } from '../input.js';
import { parseReceipt } from '../message/receipt-handle.js';
import type { Message } from '../store/message.js';
import type { Queue } from '../store/queue.js';
import { batchEntries, runBatch } from './batch.js';
import type { Action, Result } from './call.js';

const MAX_VISIBILITY_SECONDS = 43_200;

export const deleteMessage: Action = ({ input, queue }) => deleteOne(queue(), input);

export const deleteMessageBatch: Action = (call) => {
  const queue = call.queue();
  return runBatch(call, batchEntries(call), (entry) => deleteOne(queue, entry));
};

export const changeMessageVisibility: Action = ({ input, queue, now }) => changeOne(queue(), input, now());

export const changeMessageVisibilityBatch: Action = (call) => {
  const queue = call.queue();
  return runBatch(call, batchEntries(call), (entry) => changeOne(queue, entry, call.now()));
};

/**
 * Deletes by receipt handle. In a standard queue an old handle is answered with yes: it deletes while nobody else
 * has received the message since, otherwise nothing. A FIFO queue refuses a handle whose lease has ended.
 */
function deleteOne(queue: Queue, input: Input): Result {
  const handle = input.text('ReceiptHandle');
  const { message, isLatest } = lookUp(queue, handle);
  if (message === undefined) return {};
  if (queue.settings.fifo && (!isLatest || message.state !== 'held')) {
    throw invalid(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }
  if (isLatest) queue.delete(message);
  return {};
}

function changeOne(queue: Queue, input: Input, now: number): Result {
  const handle = input.text('ReceiptHandle');
  const seconds = input.integer('VisibilityTimeout', { min: 0, max: MAX_VISIBILITY_SECONDS });
  if (seconds === undefined) throw missing('VisibilityTimeout');
  const { message, isLatest } = lookUp(queue, handle);
  if (message === undefined || !isLatest) {
    throw invalid(
      handle,
      'ReceiptHandle',
      'Message does not exist or is not available for visibility timeout change.',
    );
  }
  if (message.state !== 'held') {
    throw new SqsError('MessageNotInflight', "The message referred to isn't in flight.");
  }
  if (now + seconds * 1000 > message.receivedAt + MAX_VISIBILITY_SECONDS * 1000) {
    throw invalid(
      seconds,
      'VisibilityTimeout',
      `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds]`,
    );
  }
  queue.extend(message, seconds * 1000);
  return {};
}

function lookUp(queue: Queue, handle: string): { message: Message | undefined; isLatest: boolean } {
  const receipt = parseReceipt(handle, queue.id);
  const message = queue.stock.messages.get(receipt.seq);
  return { message, isLatest: message?.receives === receipt.receives };
}
