import type { Remembered } from '../store/deduplication.js';
import type { StoredMessage } from '../store/message.js';
import type { Store } from '../store/store.js';
import type { LogRecord, QueueFacts } from './log-record.js';

interface Kept {
  readonly message: StoredMessage;
  readonly bytes: number;
}

interface QueueImage {
  facts: QueueFacts;
  readonly messages: Map<number, Kept>;
  readonly known: Map<string, Remembered>;
}

/** What the records of a journal add up to. */
export class Image {
  readonly #queues = new Map<number, QueueImage>();
  #next = 0;

  apply(record: LogRecord, bytes: number): void {
    switch (record[0]) {
      case 'format':
        return;
      case 'next':
        this.#next = Math.max(this.#next, record[1]);
        return;
      case 'queue':
        this.#applyQueue(record[1]);
        return;
      case 'gone':
        this.#queues.delete(record[1]);
        return;
      case 'known':
        this.#queues.get(record[1])?.known.set(record[2].key, record[2]);
        this.#next = Math.max(this.#next, record[2].seq);
        return;
      default:
        this.#applyMessage(record, bytes);
    }
  }

  /** Fills an empty store. */
  restore(store: Store): void {
    store.reserve(this.#next);
    for (const { facts, messages, known } of this.#queues.values()) {
      const queue = store.restore(facts);
      // Compaction writes by age, but what was sent meanwhile is appended: the order of arrival is that of the numbers.
      const inOrder = [...messages.values()].sort((a, b) => a.message.seq - b.message.seq);
      for (const { message, bytes } of inOrder) queue.restore(message, bytes);
      for (const remembered of known.values()) queue.restoreKnown(remembered);
    }
  }

  #applyQueue(facts: QueueFacts): void {
    const queue = this.#queues.get(facts.id);
    if (queue === undefined) this.#queues.set(facts.id, { facts, messages: new Map(), known: new Map() });
    else queue.facts = facts;
  }

  #applyMessage(
    record: Extract<LogRecord, readonly ['send' | 'held' | 'lease' | 'delete' | 'purge', ...unknown[]]>,
    bytes: number,
  ): void {
    const messages = this.#queues.get(record[1])?.messages;
    if (record[0] === 'send') this.#next = Math.max(this.#next, record[2].seq);
    if (messages === undefined) return;
    switch (record[0]) {
      case 'send':
        messages.set(record[2].seq, { message: record[2], bytes });
        return;
      case 'held':
        hold(messages, record);
        return;
      case 'lease': {
        const kept = messages.get(record[2]);
        if (kept !== undefined) kept.message.visibleAt = record[3];
        return;
      }
      case 'delete':
        messages.delete(record[2]);
        return;
      case 'purge':
        for (const seq of messages.keys()) if (seq <= record[2]) messages.delete(seq);
    }
  }
}

function hold(
  messages: Map<number, Kept>,
  record: Extract<LogRecord, readonly ['held', ...unknown[]]>,
): void {
  const [, , receivedAt, visibleAt, ...pairs] = record;
  for (let i = 0; i < pairs.length; i += 2) {
    const message = messages.get(pairs[i] ?? 0)?.message;
    if (message === undefined) continue;
    message.receives = pairs[i + 1] ?? message.receives;
    message.receivedAt = receivedAt;
    message.visibleAt = visibleAt;
    if (message.firstReceivedAt === 0) message.firstReceivedAt = receivedAt;
  }
}
