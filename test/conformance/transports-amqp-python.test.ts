import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { Decimal, systemClock } from '../../src/base/index.js';
import { type Delivery, directQueue, type Queue, type Transport } from '../../src/messaging/index.js';
import { createAmqpTransport } from '../../src/transports/amqp/index.js';
import { celeryPython, NO_PYTHON } from '../support/python.js';
import { amqpContext, describeRabbitmq } from '../support/rabbitmq.js';

const python = celeryPython();
const run = promisify(execFile);

const DECLARE = `
import sys
from kombu import Connection, Exchange, Queue
with Connection(sys.argv[1]) as connection:
    channel = connection.channel()
    Queue('py-plain', Exchange('py-plain'), 'py-plain')(channel).declare()
    Queue('py-priority', Exchange('py-priority'), 'py-priority', max_priority=10)(channel).declare()
    Queue('py-topic', Exchange('task_exchange', type='topic'), 'export')(channel).declare()
    Queue('py-event', Exchange('celeryev', type='topic'), 'worker.#', durable=False, auto_delete=True,
          expires=60.0, message_ttl=5.0)(channel).declare()
`;

const PUBLISH = `
import datetime, decimal, sys
from kombu import Connection
with Connection(sys.argv[1]) as connection:
    producer = connection.Producer()
    for name, value in [
        ('wide', 2 ** 40), ('negative', -2 ** 40), ('nested', {'list': [1, None, True, {'wide': 2 ** 33}]}),
        ('moment', datetime.datetime(2026, 1, 2, 3, 4, 5)), ('price', decimal.Decimal('-1.50')), ('float', 1.5),
    ]:
        producer.publish([[], {}, {}], exchange='', routing_key=sys.argv[2], serializer='json', headers={name: value})
`;

const READ = `
import json, sys
from kombu import Connection
with Connection(sys.argv[1]) as connection:
    message = connection.SimpleQueue(sys.argv[2]).get(timeout=10)
    print(json.dumps({'headers': message.headers, 'properties': message.properties, 'body': message.payload,
        'content_type': message.content_type, 'content_encoding': message.content_encoding}, default=repr))
    message.ack()
`;

describeRabbitmq(
  python === undefined ? `RabbitMQ beside Python (${NO_PYTHON})` : 'RabbitMQ beside Python',
  (vhost) => {
    const open: Transport[] = [];

    async function transport(): Promise<Transport> {
      const made = await createAmqpTransport(amqpContext(vhost().url));
      open.push(made);
      return made;
    }

    async function peer(script: string, ...args: string[]): Promise<string> {
      const { stdout } = await run(python ?? 'python3', ['-c', script, vhost().url, ...args]);
      return stdout;
    }

    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()));
    });

    const declared: readonly Queue[] = [
      directQueue('py-plain'),
      { ...directQueue('py-priority'), arguments: { 'x-max-priority': 10 } },
      { name: 'py-topic', exchange: { name: 'task_exchange', type: 'topic' }, routingKey: 'export' },
      {
        name: 'py-event',
        exchange: { name: 'celeryev', type: 'topic' },
        routingKey: 'worker.#',
        durable: false,
        autoDelete: true,
        arguments: { 'x-expires': 60_000, 'x-message-ttl': 5_000 },
      },
    ];

    it.skipIf(python === undefined)('declares what Python declared, and the other way round', async () => {
      const client = await transport();
      await peer(DECLARE);
      await client.declare(declared);
      await Promise.all(declared.map(({ name }) => client.deleteQueue(name)));
      await client.declare(declared);
      await peer(DECLARE);
    });

    it.skipIf(python === undefined)('reads every header Python can write, wide integers too', async () => {
      const client = await transport();
      const queue = directQueue('py-headers');
      await client.declare([queue]);
      await peer(PUBLISH, queue.name);
      const headers: Record<string, unknown> = {};
      const downs: unknown[] = [];
      await new Promise<void>((resolve, reject) => {
        client
          .consume({
            queues: [queue],
            prefetch: 10,
            onDelivery: (delivery: Delivery) => {
              Object.assign(headers, delivery.headers);
              delivery.ack().then(() => delivery.headers.float === 1.5 && resolve(), reject);
            },
            onConnection: (event) => downs.push(event),
          })
          .catch(reject);
      });
      expect(headers).toEqual({
        wide: 2 ** 40,
        negative: -(2 ** 40),
        nested: { list: [1, null, true, { wide: 2 ** 33 }] },
        moment: new Date('2026-01-02T03:04:05Z'),
        price: new Decimal('-1.50'),
        float: 1.5,
      });
      expect(downs).toEqual([]);
    });

    it.skipIf(python === undefined)('writes what Python reads', async () => {
      const client = await transport();
      const queue = directQueue('to-python');
      await client.declare([queue]);
      const headers = {
        id: 'a1',
        retries: 3,
        wide: 2 ** 40,
        big: 2n ** 62n,
        eta: null,
        timelimit: [60, null],
        ignore_result: false,
        ratio: 0.5,
        huge: -1e300,
        stamps: { by: ['x'] },
        moment: new Date(Math.floor(systemClock.now() / 1000) * 1000),
      };
      await client.publish(
        {
          body: Buffer.from('[[1],{},{}]'),
          contentType: 'application/json',
          contentEncoding: 'utf-8',
          headers,
          properties: {
            correlation_id: 'a1',
            reply_to: 'answers',
            priority: 2,
            expiration: '60000',
            creator_id: 7,
          },
        },
        { exchange: queue.exchange.name, routingKey: queue.routingKey },
      );
      const read = JSON.parse(await peer(READ, queue.name));
      expect(read).toMatchObject({
        body: [[1], {}, {}],
        content_type: 'application/json',
        content_encoding: 'utf-8',
        properties: {
          correlation_id: 'a1',
          reply_to: 'answers',
          priority: 2,
          expiration: '60000',
          delivery_mode: 2,
        },
      });
      expect(read.headers).toMatchObject({
        id: 'a1',
        retries: 3,
        wide: 2 ** 40,
        eta: null,
        timelimit: [60, null],
      });
      expect(read.headers).toMatchObject({
        ignore_result: false,
        ratio: 0.5,
        huge: -1e300,
        stamps: { by: ['x'] },
      });
      expect(read.headers.moment).toContain('datetime');
    });
  },
);
