import { createHash } from 'node:crypto';
import type { DashboardContext } from './environment.js';

/** A JSON answer with its ETag; 304 when the asker has it already. */
export function jsonAnswer(
  c: DashboardContext,
  text: string,
  headers: Record<string, string> = {},
): Response {
  const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const known = (c.req.header('if-none-match') ?? '').split(',').map((one) => one.trim());
  if (c.req.method === 'GET' && known.includes(etag))
    return new Response(null, { status: 304, headers: { etag } });
  // Cookies set by the handler travel in the context's own headers.
  return c.body(text, 200, { 'content-type': 'application/json', etag, ...headers });
}
