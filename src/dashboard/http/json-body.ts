import type { DashboardContext } from './environment.js';
import { ProblemError } from './problem.js';

/** Most bytes of a request's body. */
const MOST_BYTES = 2 * 1024 * 1024;

/** The body as text, read no further than its limit. */
export async function textBody(c: DashboardContext): Promise<string> {
  if (Number(c.req.header('content-length') ?? 0) > MOST_BYTES) throw tooLarge();
  const reader = c.req.raw.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    size += part.value.byteLength;
    // Not cancelled: that would end the connection before the answer is sent.
    if (size > MOST_BYTES) throw tooLarge();
    chunks.push(part.value);
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

const tooLarge = (): ProblemError =>
  new ProblemError(413, 'TOO_LARGE', `a request has at most ${MOST_BYTES} bytes`, {
    headers: { connection: 'close' },
  });
