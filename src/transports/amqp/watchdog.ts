import type { Clock } from '../../base/index.js';
import type { DriverConnection } from './driver.js';

export interface Watchdog {
  /** Monotonic milliseconds of the last bytes from the broker. */
  readonly lastSeen: number;
  stop(): void;
}

/**
 * Notes each sign of life and calls `onSilence` after two heartbeats without one. The client's own check needs up to
 * three, and asks too late whether the socket or merely this process was stuck.
 */
export function watch(
  connection: DriverConnection,
  heartbeatSeconds: number,
  clock: Clock,
  onSilence: () => void,
): Watchdog {
  const limit = heartbeatSeconds * 2000;
  let lastSeen = clock.monotonic();
  let suspected = false;
  let stopped = false;
  let cancel = (): void => {};
  const note = (): void => {
    lastSeen = clock.monotonic();
  };
  const check = (): void => {
    const silent = clock.monotonic() - lastSeen >= limit;
    if (silent && suspected) return onSilence();
    // After a blocked event loop timers run before waiting bytes are read: look once more after those had their turn.
    suspected = silent;
    const look = silent ? (): void => void setImmediate(() => !stopped && check()) : check;
    cancel = clock.after(silent ? Math.min(500, limit / 8) : limit / 8, look);
  };
  connection.stream?.on('readable', note);
  if (limit > 0) cancel = clock.after(limit / 8, check);
  return {
    get lastSeen() {
      return limit > 0 ? lastSeen : clock.monotonic();
    },
    stop() {
      stopped = true;
      cancel();
      connection.stream?.off('readable', note);
    },
  };
}
