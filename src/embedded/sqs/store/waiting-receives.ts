import type { Clock } from '../../../base/index.js';
import { LinkedList } from './linked-list.js';
import type { Message } from './message.js';

export interface ReceiveRequest {
  readonly max: number;
  readonly visibilityMs: number;
}

interface Source {
  receive(request: ReceiveRequest): Message[];
  /** When the next delayed or held message becomes visible. */
  nextDue(): number | undefined;
}

interface Waiter {
  readonly request: ReceiveRequest;
  finish(messages: Message[]): void;
}

/** The long polls of one queue, in order of arrival. A poll whose client has gone away leaves at once, with nothing. */
export class WaitingReceives {
  readonly #clock: Clock;
  readonly #source: Source;
  readonly #waiters = new LinkedList<Waiter>();
  #wakePlanned = false;
  #cancelAlarm: () => void = () => {};

  constructor(clock: Clock, source: Source) {
    this.#clock = clock;
    this.#source = source;
  }

  /** Resolves with messages, or with none after `waitMs`, on abort and on dismissal. */
  wait(request: ReceiveRequest, waitMs: number, signal: AbortSignal): Promise<Message[]> {
    return new Promise((resolve) => {
      const finish = (messages: Message[]): void => {
        this.#waiters.remove(link);
        cancelTimer();
        signal.removeEventListener('abort', giveUp);
        resolve(messages);
      };
      const giveUp = (): void => finish([]);
      const link = this.#waiters.push({ request, finish });
      const cancelTimer = this.#clock.after(waitMs, giveUp);
      signal.addEventListener('abort', giveUp);
      this.#setAlarm();
    });
  }

  /** Serves the polls once the running call has done all it does, so that a batch arrives as a batch. */
  wakeSoon(): void {
    if (this.#wakePlanned || this.#waiters.size === 0) return;
    this.#wakePlanned = true;
    queueMicrotask(() => {
      this.#wakePlanned = false;
      this.#wake();
    });
  }

  /** Ends every poll with nothing. */
  dismiss(): void {
    this.#cancelAlarm();
    for (let { first } = this.#waiters; first !== undefined; first = this.#waiters.first)
      first.value.finish([]);
  }

  #wake(): void {
    for (let { first } = this.#waiters; first !== undefined; first = this.#waiters.first) {
      const messages = this.#source.receive(first.value.request);
      if (messages.length === 0) break;
      first.value.finish(messages);
    }
    this.#setAlarm();
  }

  /** While somebody waits, the end of the next delay or lease must wake them. */
  #setAlarm(): void {
    this.#cancelAlarm();
    this.#cancelAlarm = () => {};
    const due = this.#source.nextDue();
    if (due === undefined || this.#waiters.size === 0) return;
    this.#cancelAlarm = this.#clock.after(due - this.#clock.now(), () => this.#wake());
  }
}
