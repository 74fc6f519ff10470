import type { Delivery, OutgoingMessage, Queue, Transport } from '../../src/messaging/index.js';

/** Milliseconds between two publishes of one sender. */
const PACE_MS = 5;

/** What became of messages that were sent while something broke. */
export interface TrafficCounts {
  /** Publishes the broker took responsibility for. */
  readonly accepted: number;
  /** Publishes that were refused to their callers. */
  readonly refused: number;
  /** Different messages that were delivered. */
  readonly received: number;
  /** Deliveries of a message that had been acknowledged already. */
  readonly repeated: number;
  /** Accepted, and never delivered. */
  readonly lost: number;
  /** Longest time without a delivery, in milliseconds. */
  readonly longestGapMs: number;
}

export interface Traffic {
  readonly producer: Transport;
  readonly consumer: Transport;
  readonly queue: Queue;
  /** Publishes under way at a time. Default 20. */
  readonly parallel?: number;
  /** Milliseconds after the last publish for what was accepted to arrive. Default 15 000. */
  readonly patienceMs?: number;
  /** What goes wrong meanwhile; messages are sent until it has ended. */
  readonly disturb: (
    progress: () => { readonly accepted: number; readonly received: number },
  ) => Promise<void>;
}

/** Sends and consumes while `disturb` runs, and counts. */
export async function runTraffic({
  producer,
  consumer,
  queue,
  parallel = 20,
  patienceMs = 15_000,
  disturb,
}: Traffic): Promise<TrafficCounts> {
  const accepted = new Set<string>();
  const received = new Set<string>();
  const done = new Set<string>();
  let [refused, repeated, longestGapMs, last, next] = [0, 0, 0, performance.now(), 0];
  const onDelivery = (delivery: Delivery): void => {
    const id = String(delivery.headers.id);
    if (done.has(id)) repeated += 1;
    received.add(id);
    longestGapMs = Math.max(longestGapMs, performance.now() - last);
    last = performance.now();
    // One whose acknowledgement failed comes again, unless it was carried out and only its answer lost.
    delivery.ack().then(
      () => void done.add(id),
      () => {},
    );
  };
  await producer.declare([queue]);
  const consumption = await consumer.consume({ queues: [queue], prefetch: 50, onDelivery });
  let over = false;
  const send = async (): Promise<void> => {
    while (!over) {
      const id = `m${(next += 1)}`;
      await producer.publish(messageOf(id), { exchange: '', routingKey: queue.name }).then(
        () => void accepted.add(id),
        () => void (refused += 1),
      );
      await pause(PACE_MS);
    }
  };
  const sending = Promise.all(Array.from({ length: parallel }, send));
  await disturb(() => ({ accepted: accepted.size, received: received.size })).finally(() => {
    over = true;
  });
  await sending;
  const missing = (): number => [...accepted].filter((id) => !received.has(id)).length;
  const until = performance.now() + patienceMs;
  while (missing() > 0 && performance.now() < until) await pause(50);
  await consumption.stop();
  return {
    accepted: accepted.size,
    refused,
    received: received.size,
    repeated,
    lost: missing(),
    longestGapMs: Math.round(longestGapMs),
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const messageOf = (id: string): OutgoingMessage => ({
  body: Buffer.from(JSON.stringify(id)),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id },
  properties: {},
});

/** Resolves when `wanted` is true. */
export async function eventually(wanted: () => boolean, withinMs = 20_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!wanted()) {
    if (performance.now() > until) throw new Error(`not within ${withinMs} ms`);
    await pause(20);
  }
}
