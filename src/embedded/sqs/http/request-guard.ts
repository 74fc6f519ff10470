import type { IncomingHttpHeaders } from 'node:http';
import { SqsError } from '../errors.js';

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|[a-z0-9.-]+\.localhost|\[::1\])(:\d{1,5})?$/i;

/**
 * The server has no passwords, so it must not be reached through a browser that happens to run on the same machine:
 * a page may send forms to any address, and a host name of its own may be pointed at ours.
 * @throws SqsError AccessDenied
 */
export function guardRequest(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site'];
  const fromPage = headers.origin !== undefined || (site !== undefined && site !== 'none');
  if (fromPage) throw new SqsError('AccessDeniedException', 'Requests of web pages are not accepted.');
  if (headers.host !== undefined && !LOOPBACK.test(headers.host)) {
    throw new SqsError(
      'AccessDeniedException',
      `Host ${headers.host} is not a name of this machine's loopback.`,
    );
  }
}
