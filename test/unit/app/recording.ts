import { CeleryApp, type SettingsInput } from '../../../src/app/index.js';
import { type Clock, systemClock } from '../../../src/base/index.js';
import type { OutgoingMessage, PublishOptions, Queue, Transport } from '../../../src/messaging/index.js';
import type { ResultBackend } from '../../../src/results/index.js';

/** What a publish was given. */
export interface Sent extends PublishOptions {
  readonly message: OutgoingMessage;
}

/** Keeps what it is asked to do. A test may make its methods fail. */
export class RecordingTransport implements Transport {
  readonly capabilities;
  readonly url = 'recording://';
  readonly sent: Sent[] = [];
  readonly declared: string[][] = [];
  readonly log: string[] = [];
  failures: (() => Error | undefined) | undefined;

  constructor(maxDelaySeconds = 0) {
    this.capabilities = {
      fanOut: 'atomic',
      maxDelaySeconds,
      maxParkSeconds: maxDelaySeconds,
      minDelaySeconds: 1,
      leased: false,
      priorities: true,
      broadcast: false,
      eventExchangeType: 'topic',
      maxMessageBytes: Number.POSITIVE_INFINITY,
    } as const;
  }

  async connect(): Promise<void> {
    this.log.push('connect');
  }
  async declare(queues: readonly Queue[]): Promise<void> {
    this.log.push('declare');
    this.declared.push(queues.map(({ name }) => name));
  }
  async declareExchange(): Promise<void> {}
  async publish(message: OutgoingMessage, options: PublishOptions): Promise<void> {
    const failure = this.failures?.();
    this.log.push(failure === undefined ? 'publish' : 'failed');
    if (failure !== undefined) throw failure;
    this.sent.push({ message, ...options });
  }
  async close(): Promise<void> {
    this.log.push('close');
  }
  consume(): never {
    throw new Error('not recorded');
  }
  size(): never {
    throw new Error('not recorded');
  }

  count(): never {
    throw new Error('not recorded');
  }
  purge(): never {
    throw new Error('not recorded');
  }
  deleteQueue(): never {
    throw new Error('not recorded');
  }
}

/** 2026-11-23T00:40:29.455+00:00 */
export const NOW = Date.UTC(2026, 10, 23, 0, 40, 29, 455);

/** A clock that stands still; sleeping is noted and takes no time. */
export class StillClock implements Clock {
  readonly slept: number[] = [];
  now(): number {
    return NOW;
  }
  monotonic(): number {
    return 0;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
  }
  after(ms: number, fn: () => void): () => void {
    return systemClock.after(ms, fn);
  }
}

export interface Recording {
  readonly app: CeleryApp;
  readonly transport: RecordingTransport;
  readonly clock: StillClock;
}

/** An app whose broker only keeps what it gets. */
export function recordingApp(
  settings: SettingsInput = {},
  { maxDelaySeconds, backend }: { maxDelaySeconds?: number; backend?: ResultBackend } = {},
): Recording {
  const transport = new RecordingTransport(maxDelaySeconds);
  const clock = new StillClock();
  const app = new CeleryApp('test', {
    transports: new Map([['recording', async () => async () => transport]]),
    backends: new Map(backend ? [['test', async () => async () => backend]] : []),
    clock,
    settings: { broker_url: 'recording://', ...(backend && { result_backend: 'test://' }), ...settings },
  });
  return { app, transport, clock };
}

/** The body of a message as data. */
export const bodyOf = ({ message }: Sent): [unknown[], Record<string, unknown>, Record<string, unknown>] =>
  JSON.parse(Buffer.from(message.body).toString()) as [
    unknown[],
    Record<string, unknown>,
    Record<string, unknown>,
  ];
