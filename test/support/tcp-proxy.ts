import { connect, createServer, type Socket } from 'node:net';

/** A proxy in front of a server, that can stop passing bytes while both ends stay open, or refuse connections. */
export interface TcpProxy {
  readonly port: number;
  /** Passes nothing any more, in either direction or in that one, on the connections there are. */
  freeze(direction?: 'both' | 'to-server' | 'to-client'): void;
  /** Resets a connection after so many bytes towards the server, counted over all; undefined stops it. */
  resetAfter(bytes: (() => number) | undefined): void;
  /** Times a connection was reset by `resetAfter`. */
  readonly resets: number;
  /** Resets the connections there are. */
  reset(): void;
  close(): Promise<void>;
}

export async function tcpProxy(host: string, port: number, listenOn = 0): Promise<TcpProxy> {
  let next: (() => number) | undefined;
  let left: number | undefined;
  let resets = 0;
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((inner) => {
    const outer = connect(port, host);
    const pair = [inner, outer] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      inner.destroy();
      outer.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    inner.on('data', (chunk: Buffer) => {
      if (left === undefined) return;
      left -= chunk.length;
      if (left > 0) return;
      left = next?.();
      resets += 1;
      inner.resetAndDestroy();
      outer.resetAndDestroy();
    });
    inner.pipe(outer);
    outer.pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(listenOn, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on a port');
  return {
    port: address.port,
    get resets() {
      return resets;
    },
    resetAfter: (bytes) => {
      next = bytes;
      left = bytes?.();
    },
    freeze: (direction = 'both') => {
      for (const [inner, outer] of pairs) {
        if (direction !== 'to-client') inner.unpipe(outer).pause();
        if (direction !== 'to-server') outer.unpipe(inner).pause();
      }
    },
    reset: () => {
      for (const [inner, outer] of pairs) {
        inner.resetAndDestroy();
        outer.destroy();
      }
    },
    close: async () => {
      for (const [inner, outer] of pairs) {
        inner.destroy();
        outer.destroy();
      }
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
