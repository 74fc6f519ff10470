import type { MessageAttributes } from '../message/attributes.js';
import type { Due } from './due-heap.js';
import type { Link } from './linked-list.js';

interface MessageContent {
  readonly id: string;
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly systemAttributes?: MessageAttributes;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** Everything about a message that outlives the process. Times are milliseconds since 1970. */
export interface StoredMessage extends MessageContent {
  /** Its number on this server: order of arrival, and part of the receipt handle. */
  readonly seq: number;
  readonly sentAt: number;
  /** Set on a dead letter: the queue it came from, and how often it had been received before it came. */
  readonly sourceArn?: string;
  readonly receivesBefore?: number;
  /** How often it was received, dead-letter source included. */
  receives: number;
  firstReceivedAt: number;
  /** When the delivery that holds it, or held it last, began. */
  receivedAt: number;
  /** When it is to be seen: the end of its delay or of the visibility timeout. */
  visibleAt: number;
}

/**
 * visible: may be received (in a FIFO queue: when its group is free and it is first). delayed: not yet.
 * held: received, in flight.
 */
export type MessageState = 'visible' | 'delayed' | 'held';

/** A message in memory: its state, and its places in the queue's structures. */
export interface Message extends StoredMessage, Due {
  visibleAt: number;
  state: MessageState;
  /** Place among all messages of the queue, in order of arrival. */
  arrival: Link<Message> | undefined;
  /** Place in the line of the queue. */
  place: Link<Message> | undefined;
  /** Length of its journal record, to know when the journal is mostly past. */
  bytes: number;
}

export function messageState(message: StoredMessage, now: number): MessageState {
  if (message.visibleAt <= now) return 'visible';
  return message.receives > (message.receivesBefore ?? 0) ? 'held' : 'delayed';
}

export const inMemory = (stored: StoredMessage, state: MessageState, bytes: number): Message => ({
  ...stored,
  state,
  bytes,
  heapIndex: -1,
  arrival: undefined,
  place: undefined,
});

/** What the sender gave, and the id: what stays the same wherever the message goes. */
export function contentOf(message: StoredMessage): MessageContent {
  const { id, body, attributes, systemAttributes, groupId, deduplicationId } = message;
  return {
    id,
    body,
    ...(attributes && { attributes }),
    ...(systemAttributes && { systemAttributes }),
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
  };
}

/** The message without its places in memory. */
export function storedPart(message: Message): StoredMessage {
  const { seq, sentAt, sourceArn, receivesBefore, receives, firstReceivedAt, receivedAt, visibleAt } =
    message;
  return {
    ...contentOf(message),
    seq,
    sentAt,
    ...(sourceArn !== undefined && { sourceArn }),
    ...(receivesBefore !== undefined && { receivesBefore }),
    receives,
    firstReceivedAt,
    receivedAt,
    visibleAt,
  };
}
