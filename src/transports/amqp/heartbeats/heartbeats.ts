import type { Worker } from 'node:worker_threads';
import { type Clock, inlineThread, type Logger, messageOf } from '../../../base/index.js';
import type { DriverConnection } from '../driver.js';
import { beatWhileSilent, type SharedSockets } from './beat-while-silent.js';
import { descriptorOf, GuardedSocket, SocketState } from './guarded-socket.js';

/** Connections at a time: one for publishing, one for consuming, and those that are being closed. */
const SOCKETS = 8;

/**
 * Heartbeats while the event loop does not answer: a thread writes them to the sockets of the process, at the ends of frames. It
 * begins when it is asked for, and writes nothing for as long as the loop answers. See docs/decisions/blocked-loop.md.
 */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #shared: SharedSockets = { memory: new SharedArrayBuffer(8 + SOCKETS * 12) };
  readonly #times = new Float64Array(this.#shared.memory, 0, 1);
  readonly #cells = new Int32Array(this.#shared.memory, 8);
  #thread: Worker | undefined;
  #started = false;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** From now on what blocks the loop does not end connections. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    try {
      this.#thread = inlineThread('heartbeats', beatWhileSilent, this.#shared);
      this.#thread.on('error', (error) => this.#ended(error));
    } catch (error) {
      this.#ended(error);
    }
  }

  /** Takes charge of a connection on which all writes are gathered; until the function it gives is called. */
  guard({ stream, heartbeater }: DriverConnection, heartbeatSeconds: number): () => void {
    // The client's own check counts intervals without bytes, also those in which nobody could read: the watchdog does better.
    clearInterval(heartbeater?.recvTimer);
    const fd = stream === undefined ? undefined : descriptorOf(stream);
    const at = 3 * [...Array(SOCKETS).keys()].findIndex((n) => this.#cells[3 * n] === SocketState.FREE);
    if (stream === undefined || fd === undefined || at < 0 || heartbeatSeconds === 0) return () => {};
    const heartbeatMs = heartbeatSeconds * 1000;
    const socket = new GuardedSocket(stream, fd, heartbeatMs, this.#cells, at);
    let cancel = (): void => {};
    const beat = (): void => {
      this.#times[0] = Number(process.hrtime.bigint()) / 1e6;
      socket.leave();
      cancel = this.#clock.after(heartbeatMs / 8, beat);
    };
    beat();
    return () => cancel();
  }

  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #ended(error: unknown): void {
    this.#logger.error(
      { error: messageOf(error) },
      'while the event loop is blocked no heartbeats are sent: their thread ended',
    );
  }
}
