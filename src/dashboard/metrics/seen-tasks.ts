import type { ReceivedEvent } from '../../remote/index.js';

/** What the events of a task said so far. Times in Unix seconds. */
export interface SeenTask {
  readonly name: string;
  readonly hasEta: boolean;
  readonly received: number | undefined;
  readonly started: number | undefined;
}

/** Tasks remembered at a time: more are only in the hands of workers that fetch without limit. */
const MOST = 20_000;
const ENDED = new Set(['task-succeeded', 'task-failed', 'task-revoked', 'task-rejected']);

/** Remembers tasks from their first event to their last: later events do not repeat the name. */
export class SeenTasks {
  readonly #tasks = new Map<string, SeenTask>();

  see(id: string, { type, name, eta, timestamp }: ReceivedEvent): SeenTask {
    const before = this.#tasks.get(id);
    const at = typeof timestamp === 'number' ? timestamp : undefined;
    const now: SeenTask = {
      name: typeof name === 'string' && name !== '' ? name : (before?.name ?? ''),
      hasEta: before?.hasEta === true || (typeof eta === 'string' && eta !== ''),
      received: type === 'task-received' ? at : before?.received,
      started: type === 'task-started' ? at : before?.started,
    };
    this.#tasks.delete(id);
    if (ENDED.has(type)) return now;
    this.#tasks.set(id, now);
    if (this.#tasks.size > MOST) {
      const [oldest] = this.#tasks.keys();
      if (oldest !== undefined) this.#tasks.delete(oldest);
    }
    return now;
  }
}
