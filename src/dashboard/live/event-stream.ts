import type { ChangeEvent } from '../../platform/index.js';

/** Events that wait for a slow reader; what comes then is told with the next one. */
const MOST_WAITING = 16;
const encoder = new TextEncoder();

/** Server-sent events as the body of a response. A reader that is slow is told less often, and of everything. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #owed: ChangeEvent | undefined;

  constructor(onGone: () => void) {
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#pay(),
        cancel: () => {
          this.#controller = undefined;
          onGone();
        },
      },
      new CountQueuingStrategy({ highWaterMark: MOST_WAITING }),
    );
  }

  change(event: ChangeEvent): void {
    this.#owed =
      this.#owed === undefined ? event : { ...event, topics: united(this.#owed, event), ids: undefined };
    this.#pay();
  }

  /** A line readers do not see: keeps proxies from closing the connection. */
  comment(text: string): void {
    this.#controller?.enqueue(encoder.encode(text));
  }

  end(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }

  #pay(): void {
    if (this.#owed === undefined || (this.#controller?.desiredSize ?? 0) <= 0) return;
    const event = this.#owed;
    this.#owed = undefined;
    this.#controller?.enqueue(
      encoder.encode(`event: change\nid: ${Date.parse(event.at)}\ndata: ${JSON.stringify(event)}\n\n`),
    );
  }
}

const united = (a: ChangeEvent, b: ChangeEvent): ChangeEvent['topics'] => [
  ...new Set([...a.topics, ...b.topics]),
];
