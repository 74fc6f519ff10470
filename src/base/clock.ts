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

/** Longer timers of Node fire at once: long waits are cut into pieces of this many milliseconds. */
const LONGEST_TIMER = 0x7fffffff;

function startTimer(ms: number, fn: () => void, keepAlive: boolean): () => void {
  let handle: NodeJS.Timeout;
  const arm = (left: number): void => {
    const piece = Math.min(left, LONGEST_TIMER);
    handle = setTimeout(() => (left > piece ? arm(left - piece) : fn()), piece);
    if (!keepAlive) handle.unref();
  };
  arm(Math.max(0, ms));
  return () => clearTimeout(handle);
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const aborted = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = startTimer(
        ms,
        () => {
          signal?.removeEventListener('abort', aborted);
          resolve();
        },
        true,
      );
      signal?.addEventListener('abort', aborted, { once: true });
    }),
  after: (ms, fn) => startTimer(ms, fn, false),
};
