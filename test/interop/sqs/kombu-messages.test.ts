import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '../../../src/base/index.js';
import { type SqsServer, startSqsServer } from '../../../src/embedded/sqs/index.js';
import type { Delivery, OutgoingMessage, Queue, Transport } from '../../../src/messaging/index.js';
import { createSqsTransport } from '../../../src/transports/sqs/index.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';

const python = celeryPython();
const script = fileURLToPath(new URL('./kombu_peer.py', import.meta.url));
const exchange = { name: 'task_exchange', type: 'topic' } as const;
const work: Queue = { name: 'export', exchange, routingKey: 'export' };
const tap: Queue = { name: 'platform.fifo', exchange, routingKey: '#', tap: true };

const headers = {
  lang: 'js',
  task: 'export.run',
  id: 'a1',
  argsrepr: "('ä', '\u{1f30d}')",
  timelimit: [null, 5],
};
const properties = {
  correlation_id: 'a1',
  reply_to: 'r',
  creator_id: 'u1',
  is_result: true,
  related: { n: [1, null] },
};
const bodies = [
  { type: 'application/json', encoding: 'utf-8', bytes: Buffer.from('[["é", 1], {}, {"chord": null}]') },
  {
    type: 'application/x-python-serialize',
    encoding: 'binary',
    bytes: Buffer.from([0x80, 2, 0xff, 0, 0x2e]),
  },
] as const;

let server: SqsServer;
beforeAll(async () => {
  if (!python && process.env.CI) throw new Error(NO_PYTHON);
  server = await startSqsServer();
});
afterAll(async () => {
  await server.close();
});

/** Runs the peer once; resolves with its answer. */
function peer(verb: string, request: object): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const child = execFile(python ?? 'python', [script, verb], (error, stdout, stderr) => {
      if (error) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout) as Record<string, unknown>);
    });
    child.stdin?.end(JSON.stringify(request));
  });
}

describe.skipIf(!python).each([
  ['base64', true],
  ['plain JSON', false],
])('kombu and we read each other over SQS, %s', (_form, base64) => {
  const prefix = base64 ? 'b64-' : 'json-';
  const url = (): string => `sqs://key:secret@127.0.0.1:${server.port}`;
  const options = {
    region: 'us-east-1',
    queue_name_prefix: prefix,
    wait_time_seconds: 1,
    sqs_base64_encoding: base64,
  };

  async function withTransport<T>(use: (transport: Transport) => Promise<T>): Promise<T> {
    const context = { url: url(), options, logger: silentLogger, clock: systemClock };
    const transport = await createSqsTransport(context);
    try {
      await transport.declare([work, tap]);
      return await use(transport);
    } finally {
      await transport.close();
    }
  }

  it.each(bodies)('kombu reads what we sent: $type', async ({ type, encoding, bytes }) => {
    const message: OutgoingMessage = {
      body: bytes,
      contentType: type,
      contentEncoding: encoding,
      headers,
      properties,
      group: 'root-1',
      deduplicationId: `a1.${type}`,
    };
    await withTransport((transport) =>
      transport.publish(message, { exchange: 'task_exchange', routingKey: 'export' }),
    );
    for (const queue of ['export', 'platform.fifo']) {
      const seen = await peer('consume', { url: url(), options, queue });
      expect(seen).toMatchObject({
        body: bytes.toString('base64'),
        content_type: type,
        content_encoding: encoding,
        headers,
        properties: { ...properties, delivery_mode: 2, priority: 0 },
        exchange: 'task_exchange',
        routing_key: 'export',
      });
    }
  });

  it.each(bodies)('we read what kombu sent: $type', async ({ type, encoding, bytes }) => {
    await peer('publish', {
      url: url(),
      options,
      body: bytes.toString('base64'),
      content_type: type,
      content_encoding: encoding,
      headers,
      properties: { ...properties, MessageGroupId: 'root-1' },
    });
    for (const queue of [work, tap]) {
      const seen = await withTransport(
        (transport) =>
          new Promise<Delivery>((resolve, reject) => {
            const onDelivery = (delivery: Delivery): void => {
              delivery.ack().then(() => resolve(delivery), reject);
            };
            transport.consume({ queues: [queue], prefetch: 1, onDelivery }).catch(reject);
          }),
      );
      expect(seen.defect).toBeUndefined();
      expect(Buffer.from(seen.body)).toEqual(bytes);
      expect([seen.contentType, seen.contentEncoding]).toEqual([type, encoding]);
      expect(seen.headers).toEqual(headers);
      expect(seen.properties).toMatchObject(properties);
      expect(seen.info).toEqual({
        exchange: 'task_exchange',
        routingKey: 'export',
        queue: queue.name,
        redelivered: false,
        priority: 0,
        deliveryCount: 1,
      });
    }
  });

  it('boto3 sees group, deduplication id and message attributes', async () => {
    const attribute = { DataType: 'String', StringValue: 'export' };
    const message: OutgoingMessage = {
      body: Buffer.from('1'),
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      headers,
      properties: { ...properties, MessageGroupId: 'own-group', message_attributes: { kind: attribute } },
      group: 'root-1',
      deduplicationId: 'dedup-1',
    };
    await withTransport((transport) =>
      transport.publish(message, { exchange: 'task_exchange', routingKey: 'export' }),
    );
    const seen = await peer('raw', { url: url(), queue: `${prefix}platform.fifo` });
    expect(seen.Attributes).toMatchObject({ MessageGroupId: 'own-group', MessageDeduplicationId: 'dedup-1' });
    expect(seen.MessageAttributes).toEqual({ kind: attribute });
    const text = String(seen.Body);
    const envelope = JSON.parse(base64 ? Buffer.from(text, 'base64').toString() : text) as Record<
      string,
      unknown
    >;
    expect(Object.keys(envelope)).toEqual([
      'body',
      'content-encoding',
      'content-type',
      'headers',
      'properties',
    ]);
    expect(envelope.properties).not.toHaveProperty('message_attributes');
  });
});
