import type { Remembered } from '../store/deduplication.js';
import type { StoredMessage } from '../store/message.js';
import type { QueueAttributes } from '../store/queue-settings.js';

export interface QueueFacts {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * One line of the journal. Each says how things are, not how they change: read a second time, or over a newer
 * state whose later records follow, it does no harm. Compaction, which writes while calls go on, rests on that.
 */
export type LogRecord =
  | readonly ['format', 1]
  /** The number the next message or queue gets is at least this. */
  | readonly ['next', number]
  | readonly ['queue', QueueFacts]
  | readonly ['gone', queueId: number]
  | readonly ['send', queueId: number, StoredMessage]
  /** Delivered: receivedAt, visibleAt, then message and receive count in turns. */
  | readonly ['held', queueId: number, receivedAt: number, visibleAt: number, ...pairs: number[]]
  | readonly ['lease', queueId: number, seq: number, visibleAt: number]
  | readonly ['delete', queueId: number, seq: number]
  | readonly ['purge', queueId: number, upToSeq: number]
  | readonly ['known', queueId: number, Remembered];

/** Where the store writes what must survive it. */
export interface Log {
  /** Returns the length of the record in the log, in bytes. */
  append(record: LogRecord): number;
}

/** For a server without a data folder. */
export const noLog: Log = { append: () => 0 };
