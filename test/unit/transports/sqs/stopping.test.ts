import { expect, it, onTestFinished } from 'vitest';
import { silentLogger, systemClock } from '../../../../src/base/index.js';
import { startSqsServer } from '../../../../src/embedded/sqs/index.js';
import { type Delivery, directQueue } from '../../../../src/messaging/index.js';
import { createSqsTransport } from '../../../../src/transports/sqs/index.js';
import { message } from '../virtual/support/store.js';

it.each(['q', 'q.fifo'])(
  'a stop does not wait for the long poll of %s, and leaves nothing hidden',
  async (name) => {
    const server = await startSqsServer();
    onTestFinished(() => server.close());
    const queue = directQueue(name);
    const transport = async (on_api_call: (name: string) => void = () => {}) => {
      const made = await createSqsTransport({
        url: `sqs://key:secret@127.0.0.1:${server.port}`,
        options: { region: 'us-east-1', wait_time_seconds: 20, visibility_timeout: 1800, on_api_call },
        logger: silentLogger,
        clock: systemClock,
      });
      onTestFinished(() => made.close());
      return made;
    };
    // The first receive brings the message; the stop comes while the second waits for more.
    let receives = 0;
    let waiting = (): void => {};
    const longPoll = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    const stopping = await transport((call) => {
      if (call === 'ReceiveMessage') receives += 1;
      if (receives === 2) waiting();
    });
    const other = await transport();
    await other.declare([queue]);
    await other.publish(message('first'), { exchange: '', routingKey: name });
    const consumption = await stopping.consume({ queues: [queue], prefetch: 10, onDelivery: () => {} });
    await longPoll;
    const started = performance.now();
    await consumption.stop();
    expect(performance.now() - started).toBeLessThan(6000);
    await stopping.close();
    await other.publish({ ...message('second'), group: 'another' }, { exchange: '', routingKey: name });
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const onDelivery = (delivery: Delivery): void => {
        seen.push(Buffer.from(delivery.body).toString());
        if (seen.length === 2) resolve();
      };
      other.consume({ queues: [queue], prefetch: 10, onDelivery }).catch(reject);
    });
    expect(seen.sort()).toEqual(['"first"', '"second"']);
  },
);
