import { DueHeap } from './due-heap.js';
import type { Line } from './line.js';
import { LinkedList } from './linked-list.js';
import type { Message } from './message.js';

/**
 * The messages of one queue in their states. A message is in `messages` and in the order of arrival until its end,
 * in `#hidden` while it is delayed or held, and in the line, which knows the order of delivery. No operation looks at
 * more messages than it hands out, shows or throws away.
 */
export class Stock {
  readonly messages = new Map<number, Message>();
  readonly #line: Line;
  readonly #arrivals = new LinkedList<Message>();
  readonly #hidden = new DueHeap<Message>();
  #held = 0;
  #bytes = 0;

  constructor(line: Line) {
    this.#line = line;
  }

  get held(): number {
    return this.#held;
  }

  get delayed(): number {
    return this.#hidden.size - this.#held;
  }

  get visible(): number {
    return this.messages.size - this.#hidden.size;
  }

  /** Bytes of journal that the messages present need. */
  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): Message | undefined {
    return this.#arrivals.first?.value;
  }

  /** When the next delayed or held message becomes visible. */
  get nextDue(): number | undefined {
    return this.#hidden.soonest?.visibleAt;
  }

  insert(message: Message, ahead?: boolean): void {
    this.messages.set(message.seq, message);
    message.arrival = this.#arrivals.push(message);
    if (message.state !== 'visible') this.#hidden.add(message);
    if (message.state === 'held') this.#held += 1;
    this.#bytes += message.bytes;
    this.#line.enter(message, ahead);
  }

  remove(message: Message): void {
    if (!this.messages.delete(message.seq)) return;
    this.#line.leave(message);
    if (message.state !== 'visible') this.#hidden.remove(message);
    if (message.state === 'held') this.#held -= 1;
    if (message.arrival !== undefined) this.#arrivals.remove(message.arrival);
    this.#bytes -= message.bytes;
  }

  /** Hands out up to `max` visible messages, held until `visibleAt`. One that `spent` has removed is passed over. */
  take(max: number, now: number, visibleAt: number, spent: (message: Message) => boolean): Message[] {
    const taken: Message[] = [];
    this.#line.take(max, (message) => {
      if (spent(message)) return 'gone';
      message.state = 'held';
      message.receives += 1;
      message.receivedAt = now;
      if (message.firstReceivedAt === 0) message.firstReceivedAt = now;
      message.visibleAt = visibleAt;
      this.#hidden.add(message);
      this.#held += 1;
      taken.push(message);
      return 'taken';
    });
    return taken;
  }

  /** Moves the end of a held message's lease. */
  postpone(message: Message, visibleAt: number): void {
    this.#hidden.remove(message);
    message.visibleAt = visibleAt;
    this.#hidden.add(message);
  }

  /** Shows every message whose delay or lease has ended. */
  showDue(now: number): void {
    for (
      let due = this.#hidden.soonest;
      due !== undefined && due.visibleAt <= now;
      due = this.#hidden.soonest
    ) {
      this.#hidden.remove(due);
      const before = due.state === 'held' ? 'held' : 'delayed';
      if (before === 'held') this.#held -= 1;
      due.state = 'visible';
      this.#line.show(due, before);
    }
  }
}
