import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Passes HTTP requests on to a server, and keeps what their headers said. */
export async function recordingProxy(target: string): Promise<{ url: string; seen: IncomingHttpHeaders[] }> {
  const seen: IncomingHttpHeaders[] = [];
  const proxy = createServer((inner, answer) => {
    seen.push(inner.headers);
    const outer = request(
      target + (inner.url ?? ''),
      { method: inner.method, headers: inner.headers },
      (back) => {
        answer.writeHead(back.statusCode ?? 502, back.headers);
        back.pipe(answer);
      },
    );
    outer.on('error', () => answer.destroy());
    inner.pipe(outer);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen };
}

/** The access key a request was signed with. */
export const keyOf = ({ authorization = '' }: IncomingHttpHeaders): string | undefined =>
  /Credential=([^/]+)\//.exec(authorization)?.[1];
