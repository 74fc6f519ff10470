import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Queue } from '../../../src/messaging/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { deliveriesOf, sqsServer, sqsTransport, urlOf } from '../../unit/transports/sqs/support/sqs-bench.js';
import { message } from '../../unit/transports/virtual/support/store.js';

const python = celeryPython();
const script = fileURLToPath(new URL('./kombu_peer.py', import.meta.url));
const exchange = { name: 'task_exchange', type: 'topic' } as const;
const work: Queue = { name: 'export', exchange, routingKey: 'export' };
const tap: Queue = { name: 'platform.fifo', exchange, routingKey: '#', tap: true };
const to = { exchange: 'task_exchange', routingKey: 'export' };

function peer(verb: string, request: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = execFile(python ?? 'python', [script, verb], (error, stdout, stderr) => {
      if (error) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout));
    });
    child.stdin?.end(JSON.stringify(request));
  });
}

const published = {
  body: Buffer.from('1').toString('base64'),
  content_type: 'application/json',
  content_encoding: 'utf-8',
  headers: { task: 'export.run', id: 'a' },
};
const call = { ...message(), headers: { task: 'export.run', id: 'a' } };

beforeAll(() => {
  if (!python && process.env.CI) throw new Error(NO_PYTHON);
});

describe.skipIf(!python)(python ? "kombu's options" : `kombu's options (${NO_PYTHON})`, () => {
  it('backoff of predefined queues: either side makes the other wait', { timeout: 60_000 }, async () => {
    const server = await sqsServer();
    await (await sqsTransport(server)).declare([work, tap]);
    const options = {
      region: 'us-east-1',
      wait_time_seconds: 1,
      predefined_queues: {
        export: {
          url: urlOf(server, 'export'),
          backoff_policy: { 1: 4, 2: 3 },
          backoff_tasks: ['export.run'],
        },
        'platform.fifo': { url: urlOf(server, 'platform.fifo') },
      },
    };
    const url = `sqs://key:secret@127.0.0.1:${server.port}`;
    const transport = await sqsTransport(server, options);
    await transport.declare([work, tap]);
    await transport.publish(call, to);
    const rejected = (await peer('reject', { url, options, queue: 'export' })) as { at: number };
    const { next, stop } = await deliveriesOf(transport, work, { prefetch: 1 });
    const delivery = await next();
    expect(Date.now() - rejected.at).toBeGreaterThan(3800);
    expect(delivery.info.deliveryCount).toBe(2);
    await stop();
    const from = Date.now();
    await delivery.reject();
    const seen = (await peer('consume', { url, options, queue: 'export' })) as { headers: object };
    expect(Date.now() - from).toBeGreaterThan(2800);
    expect(seen.headers).toEqual(call.headers);
  });

  it('groups, deduplication ids and delays of kombu are as ours', { timeout: 60_000 }, async () => {
    const server = await sqsServer();
    const url = `sqs://key:secret@127.0.0.1:${server.port}`;
    const options = { region: 'us-east-1', wait_time_seconds: 1 };
    const transport = await sqsTransport(server, {
      ...options,
      fetch_message_attributes: ['MessageGroupId', 'MessageDeduplicationId'],
    });
    await transport.declare([work, tap]);
    const properties = { MessageGroupId: 'g1', MessageDeduplicationId: 'd1', DelaySeconds: 2 };
    const started = Date.now();
    await peer('publish', { url, options, ...published, properties });
    // The repeat is dropped by the FIFO queue, whoever sends it.
    await transport.publish({ ...call, properties }, to);
    expect(await transport.size('platform.fifo')).toBe(1);
    const tracked = await deliveriesOf(transport, tap);
    expect((await tracked.next()).properties.system_attributes).toMatchObject({
      MessageGroupId: 'g1',
      MessageDeduplicationId: 'd1',
    });
    await tracked.stop();
    const { next, stop } = await deliveriesOf(transport, work);
    const both = [await next(), await next()];
    expect(Date.now() - started).toBeGreaterThan(2000);
    for (const delivery of both) {
      expect(delivery.properties.system_attributes).toMatchObject({ MessageGroupId: 'g1' });
      await delivery.ack();
    }
    await stop();
    // What we delay, kombu gets late, and with its property.
    const later = Date.now();
    await transport.publish({ ...call, properties: { DelaySeconds: 4 } }, to);
    const seen = (await peer('consume', { url, options, queue: 'export' })) as { properties: object };
    expect(Date.now() - later).toBeGreaterThan(3800);
    expect(seen.properties).toMatchObject({ DelaySeconds: 4 });
  });
});
