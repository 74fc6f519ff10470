import type { Duplex } from 'node:stream';

/** Who may write to a socket. FREE: no socket. TORN: the thread could write a part of a frame only. */
export const SocketState = { FREE: 0, IDLE: 1, LOOP: 2, THREAD: 3, TORN: 4 } as const;

/** What net.Socket has beyond the types: the descriptor, where the system has those. */
interface WithHandle {
  readonly _handle?: { readonly fd?: number };
  readonly encrypted?: boolean;
}

/** The descriptor of a plain socket. Undefined for TLS, whose records only the event loop can make, and on Windows. */
export function descriptorOf(stream: Duplex): number | undefined {
  const { _handle, encrypted } = stream as WithHandle;
  const fd = _handle?.fd;
  return encrypted === true || fd === undefined || fd < 0 ? undefined : fd;
}

/**
 * A socket that a thread may write to while the event loop does not: never between the loop's parts of a frame, nor to a descriptor
 * that was closed. The loop takes the place before its write and leaves it when the system has all of it.
 */
export class GuardedSocket {
  readonly #stream: Duplex;
  readonly #cells: Int32Array;
  readonly #at: number;

  /** `at` is the place of its three numbers in `cells`. All writes to `stream` must be corked. */
  constructor(stream: Duplex, fd: number, heartbeatMs: number, cells: Int32Array, at: number) {
    this.#stream = stream;
    this.#cells = cells;
    this.#at = at;
    cells[at + 1] = fd;
    cells[at + 2] = heartbeatMs;
    Atomics.store(cells, at, SocketState.LOOP);
    const uncork = stream.uncork.bind(stream);
    stream.uncork = () => {
      this.#enter();
      uncork();
      this.leave();
    };
    const destroy = stream._destroy.bind(stream);
    stream._destroy = (error, done) => {
      this.#release();
      destroy(error, done);
    };
    this.leave();
  }

  /** The thread may write again, if nothing waits for the system to take it. */
  leave(): void {
    if (this.#stream.writableLength > 0) return;
    Atomics.compareExchange(this.#cells, this.#at, SocketState.LOOP, SocketState.IDLE);
  }

  #enter(): void {
    const before = this.#take(SocketState.LOOP);
    if (before !== SocketState.TORN) return;
    this.#stream.destroy(new Error('a heartbeat was written in part, and the connection cannot go on'));
  }

  /** The descriptor is about to be closed. */
  #release(): void {
    this.#take(SocketState.LOOP);
    Atomics.store(this.#cells, this.#at, SocketState.FREE);
  }

  /** Waits for the thread, whose write takes microseconds. */
  #take(state: number): number {
    for (;;) {
      const before = Atomics.compareExchange(this.#cells, this.#at, SocketState.IDLE, state);
      if (before !== SocketState.THREAD) return before;
    }
  }
}
