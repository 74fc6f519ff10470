import type { IncomingMessage } from 'node:http';
import { SqsError } from '../errors.js';

/** Ten messages make 1 MiB at most; escapes of JSON and of forms can make that six times as long. */
const MAX_BODY_BYTES = 8 << 20;

/** @throws SqsError RequestEntityTooLarge */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Without destroying: a refusal must still go out over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new SqsError('RequestEntityTooLarge', `A request must be shorter than ${MAX_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}
