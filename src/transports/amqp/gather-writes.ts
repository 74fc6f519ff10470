import type { DriverConnection } from './driver.js';

/** Room for what one turn of the event loop writes; the default of 16 KiB is some twenty messages. */
export const WRITE_BUFFER_BYTES = 64 * 1024;

/**
 * Sends all that is written in one turn of the event loop with one system call: the client writes each message and each
 * acknowledgement by itself, which is a quarter of its CPU when publishing. Nothing is held back beyond the turn.
 */
export function gatherWrites({ stream }: DriverConnection): void {
  if (stream === undefined) return;
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let gathering = false;
  const release = (): void => {
    gathering = false;
    stream.uncork();
  };
  const gathered = (...args: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      process.nextTick(release);
    }
    return write(...args);
  };
  stream.write = gathered as typeof stream.write;
}
