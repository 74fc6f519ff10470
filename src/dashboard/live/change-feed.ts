import { type Clock, type Logger, messageOf } from '../../base/index.js';
import type { ChangeEvent, ChangeTopic } from '../../platform/index.js';

/** Somebody who watches. */
export interface Watcher {
  readonly changed: (event: ChangeEvent) => void;
  /** The feed ends. */
  readonly closed: () => void;
}

export interface ChangeFeedOptions {
  /** What changed since the last call. */
  readonly look: () => Promise<readonly ChangeTopic[]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds between two looks, and with it between two events: a page that is told more often cannot be read. */
const STEP_MS = 700;
/** Ids told in one event; more are told as "tasks changed". */
const MOST_IDS = 50;

/** One look at the database for everybody who watches; none while nobody does. */
export class ChangeFeed {
  readonly #options: ChangeFeedOptions;
  readonly #listeners = new Set<Watcher>();
  readonly #ids = new Set<string>();
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: ChangeFeedOptions) {
    this.#options = options;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** The returned function ends it. */
  listen(listener: Watcher): () => void {
    this.#listeners.add(listener);
    if (this.#cancel === undefined) this.#plan();
    return () => this.#listeners.delete(listener);
  }

  /** A worker told of a task: known at once, and by name. */
  taskChanged(id: string): void {
    if (this.#listeners.size > 0 && this.#ids.size <= MOST_IDS) this.#ids.add(id);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    for (const listener of this.#listeners) listener.closed();
    this.#listeners.clear();
  }

  #plan(): void {
    this.#cancel = this.#options.clock.after(STEP_MS, () => void this.#step());
  }

  async #step(): Promise<void> {
    const { look, clock, logger } = this.#options;
    try {
      const topics = new Set(await look());
      if (this.#ids.size > 0) topics.add('tasks');
      if (topics.size > 0) this.#tell(topics, clock);
    } catch (error) {
      logger.debug({ error: messageOf(error) }, 'dashboard: changes cannot be seen at present');
    }
    this.#cancel = undefined;
    if (this.#listeners.size > 0 && !this.#closed) this.#plan();
  }

  #tell(topics: ReadonlySet<ChangeTopic>, clock: Clock): void {
    const event: ChangeEvent = {
      topics: [...topics],
      at: new Date(clock.now()).toISOString(),
      ...(this.#ids.size > 0 && this.#ids.size <= MOST_IDS && { ids: [...this.#ids] }),
    };
    this.#ids.clear();
    for (const listener of this.#listeners) listener.changed(event);
  }
}
