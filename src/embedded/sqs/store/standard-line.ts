import type { Admit, Line } from './line.js';
import { LinkedList } from './linked-list.js';
import type { Message } from './message.js';

/** A standard queue: messages in the order in which they became visible. A returned message goes to the end. */
export class StandardLine implements Line {
  readonly #visible = new LinkedList<Message>();

  enter(message: Message, ahead = false): void {
    if (message.state !== 'visible') return;
    message.place = ahead ? this.#visible.unshift(message) : this.#visible.push(message);
  }

  show(message: Message): void {
    message.place = this.#visible.push(message);
  }

  leave(message: Message): void {
    if (message.place === undefined) return;
    this.#visible.remove(message.place);
    message.place = undefined;
  }

  take(max: number, admit: Admit): void {
    for (let taken = 0; taken < max; ) {
      const message = this.#visible.first?.value;
      if (message === undefined) return;
      if (admit(message) === 'gone') continue;
      this.leave(message);
      taken += 1;
    }
  }
}
