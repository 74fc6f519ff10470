import { connect, createServer, type Socket } from 'node:net';

/** A proxy in front of a server, that can stop passing bytes while both ends stay open, or refuse connections. */
export interface TcpProxy {
  readonly port: number;
  /** Passes nothing any more, in either direction, on the connections there are. */
  freeze(): void;
  /** Resets the connections there are. */
  reset(): void;
  close(): Promise<void>;
}

export async function tcpProxy(host: string, port: number, listenOn = 0): Promise<TcpProxy> {
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
    inner.pipe(outer);
    outer.pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(listenOn, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on a port');
  return {
    port: address.port,
    freeze: () => {
      for (const [inner, outer] of pairs) {
        inner.unpipe(outer);
        outer.unpipe(inner);
        inner.pause();
        outer.pause();
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
