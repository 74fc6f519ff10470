import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** An event as Sentry's SDK sends it. */
export interface SentryEvent {
  readonly tags: Readonly<Record<string, string>>;
  readonly exception: { readonly values: readonly { readonly type: string; readonly value: string }[] };
}

/** A server that takes what the real SDK sends. */
export async function sentryServer() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      bodies.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString());
      response.end('{}');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://key@127.0.0.1:${port}/1`,
    /** The errors that were reported. */
    events: (): readonly SentryEvent[] =>
      bodies
        .flatMap((body) => body.split('\n'))
        .filter((line) => line.includes('"exception"'))
        .map((line) => JSON.parse(line) as SentryEvent),
    close: () => void server.close(),
  };
}
