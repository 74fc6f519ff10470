import type { ChangeEvent } from '../../platform/index.js';

/** The `change` events of a stream of server-sent events. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncIterable<ChangeEvent> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^event: change$/m.test(event) ? /^data: (.*)$/m.exec(event)?.[1] : undefined;
      if (data !== undefined) yield JSON.parse(data) as ChangeEvent;
    }
  }
}
