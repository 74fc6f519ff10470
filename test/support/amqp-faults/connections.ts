import { performance } from 'node:perf_hooks';
import { directQueue } from '../../../src/messaging/index.js';
import { type TcpProxy, tcpProxy } from '../tcp-proxy.js';
import { Traffic } from './traffic.js';

/** Scenarios of the fault matrix at the connection. Each takes counts, small in tests and large in long runs. */

export interface Outcome {
  readonly accepted: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly refused: number;
}

const outcomeOf = ({ accepted, lost, duplicates, refused }: Traffic): Outcome => ({
  accepted: accepted.size,
  lost,
  duplicates,
  refused: refused.length,
});

async function through<T>(
  url: string,
  queue: string,
  options: Record<string, unknown>,
  work: (proxy: TcpProxy, traffic: Traffic) => Promise<T>,
): Promise<T> {
  const broker = new URL(url);
  const proxy = await tcpProxy(broker.hostname, Number(broker.port));
  const near = url.replace(broker.host, `127.0.0.1:${proxy.port}`);
  const traffic = await Traffic.start({ producer: near, consumer: near }, directQueue(queue), options);
  try {
    return await work(proxy, traffic);
  } finally {
    await traffic.close();
    await proxy.close();
  }
}

/** F32: all connections are reset again and again; then one message must go through. */
export const flaps = (
  url: string,
  { times, everyMs }: { readonly times: number; readonly everyMs: number },
) =>
  through(url, 'flaps', {}, async (proxy, traffic) => {
    const publishing: Promise<void>[] = [];
    for (let n = 0; n < times; n += 1) {
      publishing.push(traffic.publish(5));
      proxy.reset();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    const quiet = performance.now();
    await traffic.publish(1);
    await traffic.drained();
    const recoveredMs = performance.now() - quiet;
    await Promise.all(publishing);
    await traffic.drained();
    return { ...outcomeOf(traffic), recoveredMs };
  });

/** F33: one direction, or both, passes nothing any more while both ends stay open. */
export const halfOpen = (
  url: string,
  direction: 'both' | 'to-server' | 'to-client',
  { messages, heartbeat }: { readonly messages: number; readonly heartbeat: number },
) =>
  through(url, `half-open-${direction}`, { heartbeat }, async (proxy, traffic) => {
    await traffic.publish(1);
    await traffic.drained();
    const frozen = performance.now();
    proxy.freeze(direction);
    await traffic.publish(messages);
    await traffic.interrupted();
    await traffic.drained();
    return { ...outcomeOf(traffic), noticedMs: (traffic.downs[0] ?? Number.NaN) - frozen };
  });

/** F34: while messages are published, connections are reset after so many bytes, n by a seeded row of numbers. */
export const resetsDuringPublish = (
  url: string,
  { publishes, resets, seed }: { readonly publishes: number; readonly resets: number; readonly seed: number },
) =>
  through(url, 'resets', {}, async (proxy, traffic) => {
    let state = seed;
    let left = resets;
    const next = (): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      left -= 1;
      if (left < 0) return Number.POSITIVE_INFINITY;
      return 200 + (state % ((publishes * 200) / resets));
    };
    proxy.resetAfter(next);
    for (let sent = 0; sent < publishes; sent += 100) await traffic.publish(Math.min(100, publishes - sent));
    proxy.resetAfter(undefined);
    await traffic.drained();
    return { ...outcomeOf(traffic), resets: proxy.resets };
  });
