import type { Message } from './message.js';

/** What is done with the message at the head of the line: hand it out, or it has left the queue meanwhile. */
export type Admit = (message: Message) => 'taken' | 'gone';

/** The order in which a queue hands out messages: one kind for standard queues, one for FIFO queues. */
export interface Line {
  /**
   * A message came to the queue, visible or delayed (or held, when read back from the journal); `ahead` puts it before
   * the others where that is allowed.
   */
  enter(message: Message, ahead?: boolean): void;
  /** A delayed or held message has become visible; `before` says which it was. */
  show(message: Message, before: 'delayed' | 'held'): void;
  /** A message leaves the queue for good. */
  leave(message: Message): void;
  /** Offers up to `max` messages in turn; a taken one is held from then on. */
  take(max: number, admit: Admit): void;
}
