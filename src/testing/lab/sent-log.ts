import type { CeleryApp, Signals } from '../../app/index.js';
import { type SentTask, sentTask } from './sent-task.js';

type Publish = Signals['before_task_publish'];

/** Writes down what an app sends, and holds back the calls that are run here instead. */
export class SentLog {
  readonly sent: SentTask[] = [];
  readonly #app: CeleryApp;
  /** Names of the queues a message has reached, by the id of its task. */
  readonly #reached = new Map<string, string[]>();
  readonly #heldBack = new Map<string, Publish | undefined>();
  readonly #off: readonly (() => void)[];

  constructor(app: CeleryApp) {
    this.#app = app;
    this.#off = [
      app.signals.on('before_task_publish', (publish) => {
        if (this.#heldBack.has(publish.id)) this.#heldBack.set(publish.id, publish);
      }),
      app.signals.on('after_task_publish', (publish) => this.#published(publish)),
    ];
  }

  /** What `send` publishes under that id, which no queue gets; undefined when it publishes nothing. */
  async holdBack(id: string, send: () => Promise<unknown>): Promise<Publish | undefined> {
    this.#heldBack.set(id, undefined);
    try {
      await send();
      return this.#heldBack.get(id);
    } finally {
      this.#heldBack.delete(id);
    }
  }

  /** A queue is about to take a message. False when it must not. */
  taken(queue: string, envelope: string): boolean {
    const { id } = (JSON.parse(envelope) as { readonly headers: { readonly id?: unknown } }).headers;
    if (typeof id !== 'string') return true;
    if (this.#heldBack.has(id)) return false;
    this.#reached.set(id, [...(this.#reached.get(id) ?? []), queue]);
    return true;
  }

  close(): void {
    for (const off of this.#off) off();
  }

  async #published(publish: Publish): Promise<void> {
    if (this.#heldBack.has(publish.id)) return;
    const queues = this.#reached.get(publish.id) ?? [];
    this.#reached.delete(publish.id);
    this.sent.push(await sentTask(this.#app, publish, queues));
  }
}
