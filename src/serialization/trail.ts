import { ToolboxError } from '../base/index.js';

/** Readers, ours and Python's, refuse much deeper data: better told to the sender than to the receiver. */
export const MAX_DEPTH = 200;
/** Stops structures that share parts so often that writing them out would never end. */
const MAX_VALUES = 2_000_000;

/** Where a writer is inside the value it writes: names the path of what it refuses, and finds cycles. */
export class Trail {
  readonly #format: string;
  readonly #open: object[] = [];
  readonly #keys: (string | number)[] = [];
  #values = 0;

  constructor(format: string) {
    this.#format = format;
  }

  /** Goes into a container. Throws when it is already open (a cycle) or too deep. */
  enter(container: object): void {
    if (this.#open.includes(container)) throw this.refuse('a value that contains itself');
    if (this.#open.length >= MAX_DEPTH) throw this.refuse(`more than ${MAX_DEPTH} levels of nesting`);
    this.#open.push(container);
    this.#keys.push(0);
  }

  /** Names the member of the innermost container that is written next. */
  at(key: string | number): void {
    this.#keys[this.#keys.length - 1] = key;
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw this.refuse(`more than ${MAX_VALUES} values`);
  }

  leave(): void {
    this.#open.pop();
    this.#keys.pop();
  }

  /** ENCODE_FAILED at the present place. */
  refuse(why: string, cause?: unknown): ToolboxError {
    const path = `$${this.#keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('')}`;
    return new ToolboxError('ENCODE_FAILED', `${path} cannot be written as ${this.#format}: ${why}`, {
      cause,
      fields: { path, format: this.#format },
    });
  }
}
