/** One who follows some tasks. */
interface Follower {
  readonly changed: Set<string>;
  wake: () => void;
}

/** Hands the ids of changed tasks to those who follow them. */
export class ChangeFeed {
  readonly #followers = new Map<string, Set<Follower>>();

  changed(taskId: string): void {
    for (const follower of this.#followers.get(taskId) ?? []) {
      follower.changed.add(taskId);
      follower.wake();
    }
  }

  /** Yields all ids at first, then those that changed, until the signal aborts. */
  async *follow(taskIds: readonly string[], signal: AbortSignal): AsyncGenerator<readonly string[]> {
    if (signal.aborted) return;
    const follower: Follower = { changed: new Set(taskIds), wake: () => undefined };
    const onAbort = (): void => follower.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    for (const taskId of taskIds) {
      this.#followers.set(taskId, (this.#followers.get(taskId) ?? new Set()).add(follower));
    }
    try {
      while (!signal.aborted) {
        if (follower.changed.size === 0) await new Promise<void>((wake) => (follower.wake = wake));
        const changed = [...follower.changed];
        follower.changed.clear();
        if (changed.length > 0 && !signal.aborted) yield changed;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      for (const taskId of taskIds) {
        const set = this.#followers.get(taskId);
        set?.delete(follower);
        if (set?.size === 0) this.#followers.delete(taskId);
      }
    }
  }
}
