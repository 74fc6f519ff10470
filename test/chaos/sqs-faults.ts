import { silentLogger, systemClock } from '../../src/base/index.js';
import { type SqsFaults, type SqsServer, startSqsServer } from '../../src/embedded/sqs/index.js';
import { directQueue, type Transport } from '../../src/messaging/index.js';
import { createSqsTransport } from '../../src/transports/sqs/index.js';
import { tcpProxy } from '../support/tcp-proxy.js';
import { eventually, pause, runTraffic, type TrafficCounts } from './traffic.js';

interface Length {
  /** How long it lasts, in milliseconds. */
  readonly forMs: number;
}

const QUEUE = directQueue('q');

/** Traffic while the service does now and then what `faults` say. */
export async function faultyService(faults: SqsFaults, { forMs }: Length): Promise<TrafficCounts> {
  const place = await openPlace(faults);
  try {
    return await runTraffic({ ...place, queue: QUEUE, disturb: () => pause(forMs) });
  } finally {
    await place.close();
  }
}

/** Traffic, and the calls that reach the service. */
export interface ThrottledCounts extends TrafficCounts {
  readonly callsPerSecondBefore: number;
  readonly callsPerSecondThrottled: number;
}

/** A share of all calls is throttled for a time. */
export async function throttled({
  forMs,
  share,
}: Length & { readonly share: number }): Promise<ThrottledCounts> {
  let [on, calls] = [false, 0];
  const place = await openPlace({ throttle: (_point, random) => on && random() < share }, {}, () => {
    calls += 1;
  });
  const rate = async (): Promise<number> => {
    const before = calls;
    await pause(forMs);
    return Math.round(((calls - before) * 1000) / forMs);
  };
  let [callsPerSecondBefore, callsPerSecondThrottled] = [0, 0];
  try {
    const counts = await runTraffic({
      ...place,
      queue: QUEUE,
      patienceMs: 60_000,
      disturb: async (progress) => {
        await eventually(() => progress().received > 0);
        callsPerSecondBefore = await rate();
        on = true;
        callsPerSecondThrottled = await rate();
        on = false;
      },
    });
    return { ...counts, callsPerSecondBefore, callsPerSecondThrottled };
  } finally {
    await place.close();
  }
}

/** Traffic, and the time from the end of the trouble to the next delivery. */
export interface RecoveredCounts extends TrafficCounts {
  readonly recoveryMs: number;
}

/** Keys are revoked for a time, or rights taken away, and given back. */
export async function credentialsRevoked({
  forMs,
  kind,
}: Length & { readonly kind: 'refuseLogin' | 'deny' }): Promise<RecoveredCounts> {
  let revoked = false;
  const place = await openPlace({ [kind]: () => revoked }, { visibility_timeout: 3 });
  let recoveryMs = 0;
  try {
    const counts = await runTraffic({
      ...place,
      queue: QUEUE,
      disturb: async (progress) => {
        await eventually(() => progress().received > 0);
        revoked = true;
        await pause(forMs);
        revoked = false;
        recoveryMs = await nextDelivery(progress);
      },
    });
    return { ...counts, recoveryMs };
  } finally {
    await place.close();
  }
}

/** What another queue of the same consumer did while one was missing. */
export interface DeletedCounts extends RecoveredCounts {
  /** Share of the earlier throughput that the other queue kept. */
  readonly othersKept: number;
}

/** A queue is deleted under load and made anew after `forMs`; another one goes on beside it. */
export async function queueDeleted({ forMs }: Length): Promise<DeletedCounts> {
  const place = await openPlace();
  const admin = await place.connect();
  const gone = directQueue('gone');
  let [seen, recoveryMs, othersKept] = [0, 0, 0];
  try {
    const beside = await place.consumer.consume({
      queues: [gone],
      prefetch: 10,
      onDelivery: (delivery) => {
        seen += 1;
        void delivery.ack();
      },
    });
    const counts = await runTraffic({
      ...place,
      queue: QUEUE,
      disturb: async (progress) => {
        await eventually(() => progress().received > 0);
        const received = async (): Promise<number> => {
          const before = progress().received;
          await pause(forMs);
          return progress().received - before;
        };
        const before = await received();
        await admin.deleteQueue('gone');
        othersKept = (await received()) / before;
        await admin.declare([gone]);
        const started = performance.now();
        await admin.publish(message('back'), { exchange: '', routingKey: 'gone' });
        await eventually(() => seen > 0);
        recoveryMs = performance.now() - started;
      },
    });
    await beside.stop();
    return { ...counts, recoveryMs, othersKept };
  } finally {
    await place.close();
  }
}

/** The line stands still while both ends think it is open; `detectedMs` until the consumer says that it is down. */
export async function halfOpen(): Promise<{ readonly detectedMs: number; readonly delivered: boolean }> {
  const server = await startSqsServer();
  const proxy = await tcpProxy('127.0.0.1', server.port);
  const transport = await connectTo({ port: proxy.port });
  let [down, delivered] = [0, false];
  try {
    await transport.consume({
      queues: [QUEUE],
      prefetch: 10,
      onDelivery: (delivery) => {
        delivered = true;
        void delivery.ack();
      },
      onConnection: ({ kind }) => {
        if (kind === 'down') down ||= performance.now();
      },
    });
    await pause(500);
    const frozen = performance.now();
    proxy.freeze();
    await eventually(() => down > 0, 30_000);
    // A new connection passes: what was frozen is given up.
    await transport.publish(message('after'), { exchange: '', routingKey: 'q' });
    await eventually(() => delivered, 30_000);
    return { detectedMs: Math.round(down - frozen), delivered };
  } finally {
    await transport.close();
    await proxy.close();
    await server.close();
  }
}

interface Place {
  readonly server: SqsServer;
  readonly producer: Transport;
  readonly consumer: Transport;
  readonly connect: () => Promise<Transport>;
  readonly close: () => Promise<void>;
}

async function openPlace(
  faults: SqsFaults = {},
  options: Readonly<Record<string, unknown>> = {},
  onCall: () => void = () => {},
): Promise<Place> {
  const server = await startSqsServer({ faults });
  const open: Transport[] = [];
  const connect = async (): Promise<Transport> => {
    const transport = await connectTo(server, { on_api_call: onCall, ...options });
    open.push(transport);
    return transport;
  };
  const close = async (): Promise<void> => {
    await Promise.all(open.map((transport) => transport.close()));
    await server.close();
  };
  return { server, producer: await connect(), consumer: await connect(), connect, close };
}

const connectTo = (
  { port }: { readonly port: number },
  options: Readonly<Record<string, unknown>> = {},
): Promise<Transport> =>
  createSqsTransport({
    url: `sqs://key:secret@127.0.0.1:${port}`,
    options: {
      region: 'us-east-1',
      wait_time_seconds: 1,
      visibility_timeout: 10,
      publish_timeout: 30,
      ...options,
    },
    logger: silentLogger,
    clock: systemClock,
  });

async function nextDelivery(progress: () => { readonly received: number }): Promise<number> {
  const started = performance.now();
  const before = progress().received;
  await eventually(() => progress().received > before, 60_000);
  return Math.round(performance.now() - started);
}

const message = (id: string) => ({
  body: Buffer.from(JSON.stringify(id)),
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: { id },
  properties: {},
});
