import type * as fs from 'node:fs';
import type { InlineScope } from '../../../base/index.js';

/** Memory that both threads share: a sign of life of the event loop, then three numbers for each socket. */
export interface SharedSockets {
  readonly memory: SharedArrayBuffer;
}

/**
 * The thread: while the event loop is silent it writes a heartbeat frame to each socket that is at the end of a frame, every half an
 * interval. Stands for itself, see inlineThread; states are those of SocketState.
 */
export function beatWhileSilent({ data, require }: InlineScope<SharedSockets>): void {
  const { writeSync } = require('node:fs') as typeof fs;
  const [IDLE, THREAD, TORN] = [1, 3, 4];
  const FRAME = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0xce);
  const times = new Float64Array(data.memory, 0, 1);
  const cells = new Int32Array(data.memory, 8);
  const sentAt = new Map<number, number>();
  const look = (): void => {
    let nextMs = 1000;
    for (let at = 0; at < cells.length; at += 3) {
      if (Atomics.load(cells, at) !== IDLE) continue;
      const halfMs = (cells[at + 2] ?? 0) / 2;
      nextMs = Math.min(nextMs, halfMs / 4);
      const now = Number(process.hrtime.bigint()) / 1e6;
      if (now - (times[0] ?? 0) < halfMs || now - (sentAt.get(at) ?? 0) < halfMs) continue;
      if (Atomics.compareExchange(cells, at, IDLE, THREAD) !== IDLE) continue;
      let after = IDLE;
      try {
        if (writeSync(cells[at + 1] ?? -1, FRAME) < FRAME.length) after = TORN;
        sentAt.set(at, now);
      } catch {
        // No room, or no connection: nothing was written.
      }
      Atomics.store(cells, at, after);
    }
    setTimeout(look, Math.max(nextMs, 20));
  };
  look();
}
