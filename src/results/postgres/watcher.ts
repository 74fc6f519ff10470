import { type Clock, type Logger, messageOf } from '../../base/index.js';
import { ChangeFeed } from '../change-feed.js';

/** Channel on which stored results are announced: ids of tasks, one on a line. A trigger may announce them too. */
export const CHANNEL = 'workertoolbox_result';

export interface WatcherOptions {
  /** The version of each row there is, by task id. */
  readonly versions: (taskIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Called when the first subscriber comes: start to listen. */
  readonly onFirst: () => void;
  /** Called when the last one has left. */
  readonly onLast: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Watched {
  subscribers: number;
  version: string | undefined;
  due: number;
  pause: number;
}

/** Pauses between looks at a row, in milliseconds: nothing tells us of rows that Python writes. */
const FIRST_PAUSE = 20;
const LONGEST_PAUSE = 500;
const GROWTH = 1.5;

/**
 * Tells callers which of their tasks may have changed: at once when the writer announces it, else by looking at the
 * versions of the rows, for all callers in one query, at pauses that grow for each task on its own.
 */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #feed = new ChangeFeed();
  #looking: AbortController | undefined;
  /** When the present pause ends. */
  #next = Number.POSITIVE_INFINITY;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  get active(): boolean {
    return this.#watched.size > 0;
  }

  async *watch(taskIds: readonly string[], signal: AbortSignal): AsyncGenerator<readonly string[]> {
    if (signal.aborted) return;
    this.#subscribe(taskIds);
    try {
      yield* this.#feed.follow(taskIds, signal);
    } finally {
      this.#unsubscribe(taskIds);
    }
  }

  /** The payload of an announcement. */
  announced(payload: string): void {
    for (const taskId of payload.split('\n')) this.#feed.changed(taskId);
  }

  /** Looks at everything soon: announcements may have been missed. */
  lookNow(): void {
    for (const watched of this.#watched.values()) watched.due = 0;
    this.#restart();
  }

  #subscribe(taskIds: readonly string[]): void {
    const first = !this.active;
    const due = this.#options.clock.monotonic() + FIRST_PAUSE;
    for (const taskId of taskIds) {
      const watched = this.#watched.get(taskId) ?? {
        subscribers: 0,
        version: undefined,
        due,
        pause: 0,
      };
      watched.subscribers += 1;
      watched.due = Math.min(watched.due, due);
      watched.pause = FIRST_PAUSE;
      this.#watched.set(taskId, watched);
    }
    if (first && this.active) this.#options.onFirst();
    if (due < this.#next) this.#restart();
  }

  #unsubscribe(taskIds: readonly string[]): void {
    const before = this.active;
    for (const taskId of taskIds) {
      const watched = this.#watched.get(taskId);
      if (watched === undefined) continue;
      watched.subscribers -= 1;
      if (watched.subscribers === 0) this.#watched.delete(taskId);
    }
    if (this.active || !before) return;
    this.#looking?.abort();
    this.#next = Number.POSITIVE_INFINITY;
    this.#options.onLast();
  }

  /** Ends the present pause and computes the next one anew. */
  #restart(): void {
    this.#looking?.abort();
    if (!this.active) return;
    this.#looking = new AbortController();
    void this.#look(this.#looking.signal);
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      this.#next = Number.POSITIVE_INFINITY;
      for (const { due } of this.#watched.values()) this.#next = Math.min(this.#next, due);
      try {
        await clock.sleep(Math.max(0, this.#next - clock.monotonic()), signal);
        await this.#lookAtDue();
      } catch (error) {
        if (signal.aborted) return;
        logger.debug({ error: messageOf(error) }, 'looking for results failed');
      }
    }
  }

  async #lookAtDue(): Promise<void> {
    // Those due in a moment come along: one query instead of several.
    const now = this.#options.clock.monotonic() + FIRST_PAUSE / 2;
    const due = [...this.#watched].filter(([, watched]) => watched.due <= now);
    for (const [, watched] of due) {
      watched.due = now + watched.pause;
      watched.pause = Math.min(LONGEST_PAUSE, watched.pause * GROWTH);
    }
    const versions = await this.#options.versions(due.map(([taskId]) => taskId));
    for (const [taskId, watched] of due) {
      const version = versions.get(taskId);
      if (version === watched.version) continue;
      watched.version = version;
      this.#feed.changed(taskId);
    }
  }
}
