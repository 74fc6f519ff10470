import type { StoredMessage } from '../store/message.js';
import { sequenceNumber } from './sequence-number.js';

/** Who sent a message: without accounts, always the same. */
const SENDER_ID = 'AIDAEMBEDDED';

/** What SQS knows of a message, as far as the receiver asked for it; undefined when that is nothing. */
export function systemAttributes(
  message: StoredMessage,
  fifo: boolean,
  wanted: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (wanted.length === 0) return undefined;
  const trace = message.systemAttributes?.['AWSTraceHeader']?.StringValue;
  const all: Readonly<Record<string, string | undefined>> = {
    SenderId: SENDER_ID,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: fifo ? sequenceNumber(message.seq) : undefined,
    AWSTraceHeader: trace,
    DeadLetterQueueSourceArn: message.sourceArn,
  };
  const chosen = Object.entries(all).filter(
    ([name, value]) => value !== undefined && (wanted.includes('All') || wanted.includes(name)),
  );
  return chosen.length === 0 ? undefined : (Object.fromEntries(chosen) as Record<string, string>);
}
