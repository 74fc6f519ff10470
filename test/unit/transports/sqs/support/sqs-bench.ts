import { SQS } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type Clock, type Logger, silentLogger, systemClock } from '../../../../../src/base/index.js';
import {
  type SqsServer,
  type SqsServerOptions,
  startSqsServer,
} from '../../../../../src/embedded/sqs/index.js';
import type { ConsumeOptions, Delivery, Queue, Transport } from '../../../../../src/messaging/index.js';
import { createSqsTransport } from '../../../../../src/transports/sqs/index.js';

/** A server that goes with the test. */
export async function sqsServer(options: SqsServerOptions = {}): Promise<SqsServer> {
  const server = await startSqsServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** A transport to a server on this machine, that goes with the test. */
export async function sqsTransport(
  { port }: { readonly port: number },
  options: Readonly<Record<string, unknown>> = {},
  context: { readonly clock?: Clock; readonly logger?: Logger; readonly url?: string } = {},
): Promise<Transport> {
  const transport = await createSqsTransport({
    url: context.url ?? `sqs://key:secret@127.0.0.1:${port}`,
    options: { region: 'us-east-1', wait_time_seconds: 1, visibility_timeout: 30, ...options },
    logger: context.logger ?? silentLogger,
    clock: context.clock ?? systemClock,
  });
  onTestFinished(() => transport.close());
  return transport;
}

/** Amazon's own client, for what the service has. */
export function sqsClient({ port }: { readonly port: number }): SQS {
  const client = new SQS({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** Deliveries of a consumer, one by one, in the order of their coming. */
export async function deliveriesOf(
  transport: Transport,
  queue: Queue,
  options: Partial<ConsumeOptions> = {},
): Promise<{ next: () => Promise<Delivery>; stop: () => Promise<void> }> {
  const came: Delivery[] = [];
  const asked: ((delivery: Delivery) => void)[] = [];
  const consumption = await transport.consume({
    queues: [queue],
    prefetch: 10,
    onDelivery: (delivery) => {
      const ask = asked.shift();
      if (ask) ask(delivery);
      else came.push(delivery);
    },
    ...options,
  });
  return {
    next: () => {
      const first = came.shift();
      return first
        ? Promise.resolve(first)
        : new Promise<Delivery>((resolve) => {
            asked.push(resolve);
          });
    },
    stop: () => consumption.stop(),
  };
}

export const urlOf = (server: { readonly url: string }, name: string): string =>
  `${server.url}/000000000000/${name}`;
