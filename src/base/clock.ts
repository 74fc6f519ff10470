import { setTimeout as delay } from 'node:timers/promises';

/** Time is handed in, so that tests turn it by hand. */
export interface Clock {
  /** Wall clock, milliseconds since 1970 (UTC). For timestamps that others read. */
  now(): number;
  /** Monotonic milliseconds. For durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` once after `ms` milliseconds unless the returned function is called first. Never keeps the process alive. */
  after(ms: number, fn: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  after: (ms, fn) => {
    // setTimeout fires at once above 2^31-1 ms: long waits are cut into pieces.
    let handle: NodeJS.Timeout;
    const arm = (left: number): void => {
      const piece = Math.min(left, 0x7fffffff);
      handle = setTimeout(() => (left > piece ? arm(left - piece) : fn()), piece);
      handle.unref();
    };
    arm(Math.max(0, ms));
    return () => clearTimeout(handle);
  },
};
