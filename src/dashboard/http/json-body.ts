import type { DashboardContext } from './environment.js';
import { ProblemError } from './problem.js';

/** Most bytes of a request's body. */
const MOST_BYTES = 2 * 1024 * 1024;

/** The body as text, read no further than its limit. */
export async function textBody(c: DashboardContext): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.byteLength;
    if (size > MOST_BYTES)
      throw new ProblemError(413, 'TOO_LARGE', `a request has at most ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The body as JSON; an empty one is an empty object. */
export async function jsonBody(c: DashboardContext): Promise<unknown> {
  const text = await textBody(c);
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new ProblemError(400, 'INPUT_INVALID', 'the body is no JSON');
  }
}
