import type { Admit, Line } from './line.js';
import { type Link, LinkedList } from './linked-list.js';
import type { Message } from './message.js';

interface Group {
  readonly id: string;
  /** All messages of the group, held ones included, in order of arrival. */
  readonly messages: LinkedList<Message>;
  /** Messages in flight: while there is one, the group gives out no other. */
  held: number;
  /** Place among the groups that can give a message now. */
  free: Link<Group> | undefined;
}

/**
 * A FIFO queue: order inside each message group, and a group locked while a message of it is in flight. One receive
 * may take several messages of one group, in order. Groups take turns in the order in which they became free.
 */
export class FifoLine implements Line {
  readonly #groups = new Map<string, Group>();
  readonly #free = new LinkedList<Group>();

  enter(message: Message): void {
    const group = this.#groupOf(message);
    message.place = group.messages.push(message);
    if (message.state === 'held') group.held += 1;
    this.#refresh(group);
  }

  show(message: Message, before: 'delayed' | 'held'): void {
    const group = this.#groupOf(message);
    if (before === 'held') group.held -= 1;
    this.#refresh(group);
  }

  leave(message: Message): void {
    if (message.place === undefined) return;
    const group = this.#groupOf(message);
    group.messages.remove(message.place);
    message.place = undefined;
    if (message.state === 'held') group.held -= 1;
    this.#refresh(group);
  }

  take(max: number, admit: Admit): void {
    let left = max;
    while (left > 0) {
      const group = this.#free.first?.value;
      if (group === undefined) return;
      left -= this.#takeFrom(group, left, admit);
    }
  }

  #takeFrom(group: Group, max: number, admit: Admit): number {
    // The lock goes on first: a message that turns out to be gone must not put the group back in the line.
    group.held += 1;
    this.#refresh(group);
    let taken = 0;
    let link = group.messages.first;
    while (link !== undefined && taken < max && link.value.state === 'visible') {
      const next: Link<Message> | undefined = link.after;
      if (admit(link.value) === 'taken') taken += 1;
      link = next;
    }
    group.held += taken - 1;
    this.#refresh(group);
    return taken;
  }

  #groupOf(message: Message): Group {
    const id = message.groupId ?? '';
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = { id, messages: new LinkedList(), held: 0, free: undefined };
      this.#groups.set(id, group);
    }
    return group;
  }

  #refresh(group: Group): void {
    const free = group.held === 0 && group.messages.first?.value.state === 'visible';
    if (free) {
      group.free ??= this.#free.push(group);
    } else if (group.free !== undefined) {
      this.#free.remove(group.free);
      group.free = undefined;
    }
    if (group.messages.size === 0 && group.held === 0) this.#groups.delete(group.id);
  }
}
