import { SqsError } from '../errors.js';
import { selectAttributes } from '../message/attributes.js';
import { attributesMd5, md5 } from '../message/md5.js';
import { receiptHandle } from '../message/receipt-handle.js';
import { systemAttributes } from '../message/system-attributes.js';
import type { Message } from '../store/message.js';
import { MAX_IN_FLIGHT, type Queue } from '../store/queue.js';
import type { Action, Call, Result } from './call.js';

const MAX_VISIBILITY_SECONDS = 43_200;

export const receiveMessage: Action = async (call) => {
  const { input, signal } = call;
  const queue = call.queue();
  const { settings } = queue;
  const seconds = (name: string, max: number): number | undefined => {
    const value = input.integer(name, { min: 0, max });
    return value === undefined ? undefined : value * 1000;
  };
  const request = {
    max: input.integer('MaxNumberOfMessages', { min: 1, max: 10 }) ?? 1,
    visibilityMs: seconds('VisibilityTimeout', MAX_VISIBILITY_SECONDS) ?? settings.visibilityMs,
  };
  const waitMs = seconds('WaitTimeSeconds', 20) ?? settings.waitMs;
  // A FIFO queue, and a long poll, just give nothing. Source: ReceiveMessage, "OverLimit".
  if (!settings.fifo && waitMs === 0 && queue.stock.held >= MAX_IN_FLIGHT) {
    throw new SqsError('OverLimit', `Too many messages in flight in queue ${queue.name}.`);
  }
  const messages = await queue.receiveOrWait(request, waitMs, signal);
  const answer = messages.map((message) => render(queue, message, call));
  call.onUndelivered(() => giveBack(queue, messages));
  repeatOnPurpose(queue, messages, call);
  return answer.length === 0 ? {} : { Messages: answer };
};

function render(queue: Queue, message: Message, { input }: Call): Result {
  const attributes = selectAttributes(message.attributes, input.texts('MessageAttributeNames'));
  const wanted = [...input.texts('AttributeNames'), ...input.texts('MessageSystemAttributeNames')];
  const system = systemAttributes(message, queue.settings.fifo, wanted);
  const { seq, receives } = message;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle({ queueId: queue.id, seq, receives }),
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system && { Attributes: system }),
    ...(attributes && {
      MD5OfMessageAttributes: attributesMd5(attributes),
      MessageAttributes: attributes,
    }),
  };
}

/** The client went away while it waited: nobody has these messages, so they need not stay hidden. */
function giveBack(queue: Queue, messages: readonly Message[]): void {
  for (const { seq, receives } of messages) {
    const message = queue.stock.messages.get(seq);
    if (message?.state === 'held' && message.receives === receives) queue.extend(message, 0);
  }
}

function repeatOnPurpose(queue: Queue, messages: readonly Message[], { action, faults }: Call): void {
  if (queue.settings.fifo) return;
  for (const message of messages) {
    if (faults.strikes('duplicate', { action, queue: queue.name })) queue.extend(message, 0);
  }
}
