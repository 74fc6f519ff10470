import type { StoredMessage, StoreMessage } from '../virtual/index.js';
import { MAX_DELAY_S } from './message-entry.js';
import type { KnownQueue } from './queues/known-queue.js';

/** A shorter wait is one delivery more at most, whatever it is for. */
const LONG_WAIT_S = 60;

/**
 * A copy for a message that waits so long that the queue would not deliver it in the end: its retention would be over,
 * or waiting would have used up the deliveries after which a redrive policy takes it for dead. In a FIFO queue a copy
 * would lose its place.
 */
export function replacementOf(
  { fifo, redrive, retentionSeconds }: KnownQueue,
  { text, receiveCount, sentAt, beside }: StoredMessage,
  delaySeconds: number,
  now: number,
): StoreMessage | undefined {
  if (fifo || delaySeconds < LONG_WAIT_S) return undefined;
  const spent = typeof redrive === 'object' && receiveCount * 2 >= redrive.maxReceives;
  const old = sentAt !== undefined && now + delaySeconds * 1000 > sentAt + (retentionSeconds * 1000) / 2;
  if (!spent && !old) return undefined;
  const properties = { ...groupOf(text), ...beside };
  return { text, properties, delaySeconds: Math.min(delaySeconds, MAX_DELAY_S) };
}

/** The fair queue's group, which the envelope names as well. */
function groupOf(text: string): StoreMessage['properties'] {
  try {
    const { properties } = JSON.parse(text) as { properties?: { MessageGroupId?: unknown } };
    return properties?.MessageGroupId === undefined ? {} : { MessageGroupId: properties.MessageGroupId };
  } catch {
    return {};
  }
}
