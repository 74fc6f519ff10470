export interface Link<T> {
  readonly value: T;
  before: Link<T> | undefined;
  after: Link<T> | undefined;
}

/** A list from whose middle an element leaves in constant time. The caller keeps the link and removes it once. */
export class LinkedList<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #size = 0;

  get first(): Link<T> | undefined {
    return this.#first;
  }

  get size(): number {
    return this.#size;
  }

  push(value: T): Link<T> {
    const link: Link<T> = { value, before: this.#last, after: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.after = link;
    this.#last = link;
    this.#size += 1;
    return link;
  }

  /** Puts a value before all others. */
  unshift(value: T): Link<T> {
    const link: Link<T> = { value, before: undefined, after: this.#first };
    if (this.#first === undefined) this.#last = link;
    else this.#first.before = link;
    this.#first = link;
    this.#size += 1;
    return link;
  }

  remove(link: Link<T>): void {
    if (link.before === undefined) this.#first = link.after;
    else link.before.after = link.after;
    if (link.after === undefined) this.#last = link.before;
    else link.after.before = link.before;
    this.#size -= 1;
  }
}
