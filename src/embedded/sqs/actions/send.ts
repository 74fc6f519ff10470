import { SqsError } from '../errors.js';
import { type Draft, draftBytes, readDraft } from '../message/draft.js';
import { attributesMd5, md5 } from '../message/md5.js';
import { sequenceNumber } from '../message/sequence-number.js';
import type { Queue } from '../store/queue.js';
import { MAX_MESSAGE_BYTES } from '../store/queue-settings.js';
import { batchEntries, runBatch } from './batch.js';
import type { Action, Call, Result } from './call.js';

export const sendMessage: Action = (call) => {
  const queue = call.queue();
  return send(queue, readDraft(call.input, queue.settings), call);
};

export const sendMessageBatch: Action = (call) => {
  const queue = call.queue();
  const entries = batchEntries(call);
  const drafts = new Map(entries.map((entry) => [entry, attempt(() => readDraft(entry, queue.settings))]));
  // A batch that is too long is refused whole, before any message of it is taken.
  let bytes = 0;
  for (const { value } of drafts.values()) bytes += value === undefined ? 0 : draftBytes(value);
  if (bytes > MAX_MESSAGE_BYTES) {
    throw new SqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  }
  return runBatch(call, entries, (entry) => {
    const draft = drafts.get(entry);
    if (draft?.value === undefined) throw draft?.error;
    return send(queue, draft.value, call);
  });
};

function attempt(read: () => Draft): { value?: Draft; error?: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

function send(queue: Queue, draft: Draft, { action, faults }: Call): Result {
  const ahead = faults.strikes('shuffle', { action, queue: queue.name });
  const { seq, messageId } = queue.send(draft, ahead);
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(draft.body),
    ...(draft.attributes && { MD5OfMessageAttributes: attributesMd5(draft.attributes) }),
    ...(draft.systemAttributes && { MD5OfMessageSystemAttributes: attributesMd5(draft.systemAttributes) }),
    ...(queue.settings.fifo && { SequenceNumber: sequenceNumber(seq) }),
  };
}
