import { contentOf, type Message, type StoredMessage } from './message.js';
import type { Redrive } from './redrive-policy.js';

/** True when the next delivery would be one too many. Deliveries from an earlier queue do not count again. */
export const isDead = (message: Message, redrive: Redrive): boolean =>
  message.receives - (message.receivesBefore ?? 0) >= redrive.maxReceives;

/**
 * The message as it arrives in the dead-letter queue: id, content, receive count and times stay, as AWS keeps them;
 * the place in the queue is new. A FIFO queue counts its retention from the move, a standard queue from the first
 * send.
 */
export function deadLetter(
  message: Message,
  { seq, now, sourceArn, fifo }: { seq: number; now: number; sourceArn: string; fifo: boolean },
): StoredMessage {
  const { receives, firstReceivedAt, receivedAt } = message;
  return {
    ...contentOf(message),
    seq,
    sentAt: fifo ? now : message.sentAt,
    sourceArn,
    receivesBefore: receives,
    receives,
    firstReceivedAt,
    receivedAt,
    visibleAt: now,
  };
}
