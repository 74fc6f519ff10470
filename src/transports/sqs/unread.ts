import type { Clock } from '../../base/index.js';

/** While an answer is waited for: whether it may have lain unread because the event loop was blocked. */
export interface Unread {
  /** Monotonic milliseconds since when it may have; undefined when the loop was there to read it. */
  readonly since: number | undefined;
  stop(): void;
}

/** Looks at the event loop every so many milliseconds. Less than two of these are not noticed. */
export function watchUnread(clock: Clock, everyMs: number): Unread {
  let aliveAt = clock.monotonic();
  let since: number | undefined;
  let cancel = (): void => {};
  const look = (): void => {
    const now = clock.monotonic();
    const late = now - aliveAt > 2 * everyMs;
    // A whole look in time after a late one: what had come by then was read.
    since = late ? (since ?? aliveAt) : undefined;
    aliveAt = now;
    cancel = clock.after(everyMs, look);
  };
  cancel = clock.after(everyMs, look);
  return {
    get since() {
      // An answer may be read before the timer has its turn.
      return since ?? (clock.monotonic() - aliveAt > 2 * everyMs ? aliveAt : undefined);
    },
    stop: () => cancel(),
  };
}
