import { deserialize, serialize } from 'node:v8';
import type { Packed } from './pack.js';

/** A message whose packed part, where it has one, is under `data`. */
interface Message {
  readonly kind: string;
  readonly data?: Packed | null;
}

/** A message between processes as a line of text: of JSON, or where that would not give it back, of the engine's clone. */
export function lineOf(message: Message): string {
  const { data } = message;
  if (data === undefined || data === null || data.as === 'json') return `${JSON.stringify(message)}\n`;
  return `${CLONE}${serialize(message).toString('base64')}\n`;
}

/** No line of JSON begins with it. */
const CLONE = '=';

/** Takes text as it comes, and hands on the messages of its lines. */
export function lineReader<M extends Message>(onMessage: (message: M) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest + text.slice(from, end);
      rest = '';
      from = end + 1;
      onMessage(messageOf(line) as M);
    }
    rest += text.slice(from);
  };
}

const messageOf = (line: string): unknown =>
  line.startsWith(CLONE) ? deserialize(Buffer.from(line.slice(1), 'base64')) : JSON.parse(line);
